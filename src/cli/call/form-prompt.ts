/** A form at a terminal. What is asked goes to standard error: standard output is for the result. */
import { CANCEL_SYMBOL, confirm, multiselect, select, text } from '@clack/prompts';
import type { ElicitRequestFormParams, ElicitResult, PrimitiveSchemaDefinition } from '../../protocol/elicitation.ts';
import { note } from '../reach/output.ts';
import { visibleLine, visibleText } from '../reach/visible-text.ts';
import { coerce } from './coercion.ts';
import type { Content } from './given-answers.ts';
import { valueFault } from './value-fault.ts';

type Value = Content[string];
type Asked = Value | undefined | typeof CANCEL_SYMBOL;

interface Field {
  readonly name: string;
  readonly schema: PrimitiveSchemaDefinition;
  readonly required: boolean;
  readonly signal: AbortSignal;
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

const LEFT = Symbol('left out');
const TO = { output: process.stderr } as const;

function titleOf({ name, schema, required }: Field): string {
  const title = visibleLine(schema.title ?? name);
  const more = schema.description === undefined ? '' : `: ${visibleLine(schema.description)}`;
  return `${title}${required ? '' : ' (optional)'}${more}`;
}

function titled(list: readonly { const: string; title: string }[]): Choice[] {
  return list.map(({ const: value, title }) => ({ value, label: visibleLine(title) }));
}

/** The choices of a field that has any. */
function choicesOf(schema: PrimitiveSchemaDefinition): Choice[] | undefined {
  if (schema.type === 'array') {
    const { items } = schema;
    return 'anyOf' in items ? titled(items.anyOf) : items.enum.map(value => ({ value, label: visibleLine(value) }));
  }
  if ('oneOf' in schema) return titled(schema.oneOf);
  if (!('enum' in schema)) return undefined;
  const names = 'enumNames' in schema ? schema.enumNames : undefined;
  return schema.enum.map((value, at) => ({ value, label: visibleLine(names?.[at] ?? value) }));
}

async function askChoice(field: Field, choices: readonly Choice[]): Promise<Asked> {
  const { schema, required, signal } = field;
  const message = titleOf(field);
  if (schema.type === 'array') {
    const initialValues = schema.default ?? [];
    return multiselect({ message, options: [...choices], initialValues, required, signal, ...TO });
  }
  const none = required ? [] : [{ value: LEFT as never, label: '(none)' }];
  const initialValue = schema.default as string | undefined;
  const options = [...choices, ...none];
  const chosen = await select<string>({
    message,
    options,
    signal,
    ...TO,
    ...(initialValue !== undefined && { initialValue }),
  });
  return (chosen as unknown) === LEFT ? undefined : chosen;
}

async function askText(field: Field): Promise<Asked> {
  const { schema, required, signal } = field;
  const initialValue = schema.default === undefined ? undefined : String(schema.default);
  const typed = await text({
    message: titleOf(field),
    signal,
    ...TO,
    ...(initialValue !== undefined && { initialValue }),
    validate: (value = '') => {
      if (value === '') return required ? 'It has to be filled in' : undefined;
      const coerced = coerce(value, schema, {});
      return 'problem' in coerced ? coerced.problem : valueFault(coerced.value, schema);
    },
  });
  if (typed === CANCEL_SYMBOL) return typed;
  const value = typed as string | undefined;
  if (value === undefined || value === '') return undefined;
  const coerced = coerce(value, schema, {});
  return 'value' in coerced ? (coerced.value as Value) : undefined;
}

function ask(field: Field): Promise<Asked> {
  const { schema, signal } = field;
  const choices = choicesOf(schema);
  if (choices !== undefined) return askChoice(field, choices);
  if (schema.type !== 'boolean') return askText(field);
  return confirm({ message: titleOf(field), initialValue: schema.default ?? false, signal, ...TO });
}

/** @param content what is known already */
export async function askForm(
  params: ElicitRequestFormParams,
  content: Content,
  signal: AbortSignal,
): Promise<ElicitResult> {
  const { properties, required = [] } = params.requestedSchema;
  note(`The server asks: ${visibleText(params.message)}`);
  const open = Object.entries(properties).filter(([name]) => !Object.hasOwn(content, name));
  if (open.length === 0) {
    const agreed = await confirm({ message: 'Do you agree?', signal, ...TO });
    if (agreed === CANCEL_SYMBOL) return { action: 'cancel' };
    return agreed ? { action: 'accept', content } : { action: 'decline' };
  }
  note('Ctrl-C leaves the question unanswered.');
  const answered: Content = { ...content };
  for (const [name, schema] of open) {
    const value = await ask({ name, schema, required: required.includes(name), signal });
    if (value === CANCEL_SYMBOL) return { action: 'cancel' };
    if (value !== undefined) answered[name] = value as Value;
  }
  return { action: 'accept', content: answered };
}

/** Whether the user has been where the server sent them. */
export async function askPage(signal: AbortSignal): Promise<ElicitResult> {
  const done = await confirm({ message: 'Done?', active: 'Yes, go on', inactive: 'No, decline', signal, ...TO });
  if (done === CANCEL_SYMBOL) return { action: 'cancel' };
  return { action: done ? 'accept' : 'decline' };
}
