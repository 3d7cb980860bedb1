/** Answers to the questions of a server that were given on the command line. */

import { SlipwayError } from '../../protocol/coded-error.ts';
import type { ElicitRequestFormParams, ElicitResult } from '../../protocol/elicitation.ts';
import { coerce } from './coercion.ts';
import { type GivenPair, jsonOf, pairOf } from './given-pairs.ts';
import type { Schema } from './schema-words.ts';
import { valueFault } from './value-fault.ts';

export type Action = ElicitResult['action'];
export type Content = NonNullable<ElicitResult['content']>;

const ACTIONS: ReadonlySet<string> = new Set(['accept', 'decline', 'cancel']);

export interface GivenAnswers {
  /** What to do with every question: `--answer decline`. */
  readonly action: Action | undefined;
  readonly pairs: readonly GivenPair[];
}

/**
 * Reads `--answer key=value`, `--answer key:=json` and `--answer accept|decline|cancel`.
 *
 * @throws SlipwayError `SLIP_CLI_USAGE`
 */
export function givenAnswers(words: readonly string[]): GivenAnswers {
  let action: Action | undefined;
  const pairs: GivenPair[] = [];
  for (const word of words) {
    const pair = pairOf(word);
    if (pair !== undefined) pairs.push(pair);
    else if (ACTIONS.has(word)) action = word as Action;
    else {
      const why = `--answer takes key=value, key:=json, accept, decline or cancel, not '${word}'`;
      throw new SlipwayError('SLIP_CLI_USAGE', { why });
    }
  }
  return { action, pairs };
}

/**
 * What of a form was answered.
 *
 * @throws SlipwayError `SLIP_CALL_ANSWER` for a value that its field does not take
 */
export function filledIn({ requestedSchema }: ElicitRequestFormParams, { pairs }: GivenAnswers): Content {
  const root = requestedSchema as Schema;
  const content: Content = {};
  for (const [name, field] of Object.entries(requestedSchema.properties)) {
    for (const { key, text, json } of pairs) {
      if (key !== name) continue;
      const coerced = json ? { value: jsonOf(text, `The answer '${key}'`) } : coerce(text, field, root);
      if ('problem' in coerced) {
        throw new SlipwayError('SLIP_CALL_ANSWER', { name, why: coerced.problem });
      }
      const before = content[name];
      const isList = Array.isArray(before) && Array.isArray(coerced.value);
      content[name] = (isList ? [...before, ...(coerced.value as string[])] : coerced.value) as Content[string];
    }
    const why = Object.hasOwn(content, name) ? valueFault(content[name], field) : undefined;
    if (why !== undefined) throw new SlipwayError('SLIP_CALL_ANSWER', { name, why });
  }
  return content;
}

/** The fields of a form that must be filled in and are not. */
export function missingFields({ requestedSchema }: ElicitRequestFormParams, content: Content): readonly string[] {
  return (requestedSchema.required ?? []).filter(name => !Object.hasOwn(content, name));
}

/** What a form says of itself, for the fields that nobody filled in. */
export function withDefaults({ requestedSchema }: ElicitRequestFormParams, content: Content): Content {
  const defaults = Object.entries(requestedSchema.properties).flatMap(([name, { default: value }]) =>
    value === undefined || Object.hasOwn(content, name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(defaults), ...content } as Content;
}
