/** Text of a command line as the kind of value that a schema wants. */
import { nearest } from '../../host/configuration/nearest.ts';
import { branches, choicesOf, inWords, type Schema, typesOf } from './schema-words.ts';

export type Coerced = { readonly value: unknown } | { readonly problem: string };

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function parsed(text: string): Coerced | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function item(text: string, schema: unknown, root: Schema): Coerced {
  const list = branches(schema, root).find(({ items }) => items !== undefined);
  const coerced = coerce(text, list?.['items'] ?? {}, root);
  return 'problem' in coerced ? coerced : { value: [coerced.value] };
}

function misfit(text: string, schema: unknown, root: Schema): Coerced {
  const texts = (choicesOf(schema, root) ?? []).filter(choice => typeof choice === 'string');
  const near = nearest(text, texts);
  const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
  return { problem: `it takes ${inWords(schema, root)}, not '${text}'${hint}` };
}

/**
 * The value that a text stands for. Where a schema takes strings, text is one; JSON is read only where it takes nothing
 * else. Without a type, text stays text.
 */
export function coerce(text: string, schema: unknown, root: Schema): Coerced {
  const types = typesOf(schema, root);
  const choices = choicesOf(schema, root);
  if (types.size === 0) return { value: text };
  if (types.has('string') && (choices === undefined || choices.includes(text))) return { value: text };
  if (types.has('null') && text === 'null') return { value: null };
  if (types.has('boolean') && (text === 'true' || text === 'false')) return { value: text === 'true' };
  if ((types.has('number') || types.has('integer')) && NUMBER.test(text)) {
    const number = Number(text);
    // JSON has no Infinity: 1e400 would arrive as null.
    if (Number.isFinite(number) && (types.has('number') || Number.isInteger(number))) return { value: number };
  }
  const open = text.trimStart().charAt(0);
  if (types.has('array')) return (open === '[' ? parsed(text) : undefined) ?? item(text, schema, root);
  if (types.has('object') && open === '{') return parsed(text) ?? misfit(text, schema, root);
  return misfit(text, schema, root);
}
