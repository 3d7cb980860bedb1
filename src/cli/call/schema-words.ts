/** JSON Schemas in a few words, and what kinds of values they take. */
import { isPlainObject } from '../../protocol/json-rpc.ts';

export type Schema = Readonly<Record<string, unknown>>;
export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'array' | 'object';

const MAX_REFERENCES = 8;
const TYPES: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'null', 'array', 'object']);
const MAX_CHOICES = 8;

/** Follows a `$ref` within the schema; what leads nowhere says nothing. */
export function resolved(schema: unknown, root: Schema): Schema {
  let current = schema;
  for (let steps = 0; steps < MAX_REFERENCES; steps++) {
    if (!isPlainObject(current)) return {};
    const { $ref } = current;
    if (typeof $ref !== 'string') return current;
    if (!$ref.startsWith('#')) return {};
    const path = $ref.slice(1).split('/').slice(1);
    current = path.reduce<unknown>((at, part) => {
      const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
      return isPlainObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
    }, root);
  }
  return {};
}

function typeOfValue(value: unknown): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as JsonType;
}

/** The alternatives of a schema, itself included. */
export function branches(schema: unknown, root: Schema): readonly Schema[] {
  const own = resolved(schema, root);
  const inner = ['anyOf', 'oneOf', 'allOf'].flatMap(keyword => {
    const list = own[keyword];
    return Array.isArray(list) ? list.map(one => resolved(one, root)) : [];
  });
  return [own, ...inner];
}

/** The values that a schema lists, if it does. */
export function choicesOf(schema: unknown, root: Schema): readonly unknown[] | undefined {
  const listed = branches(schema, root).flatMap(branch => {
    if (Array.isArray(branch['enum'])) return branch['enum'] as unknown[];
    return 'const' in branch ? [branch['const']] : [];
  });
  return listed.length === 0 ? undefined : listed;
}

/** The types that a schema takes; none where it does not say. */
export function typesOf(schema: unknown, root: Schema): ReadonlySet<JsonType> {
  const types = new Set<JsonType>();
  for (const branch of branches(schema, root)) {
    for (const type of [branch['type']].flat()) if (TYPES.has(type)) types.add(type as JsonType);
  }
  if (types.size === 0) for (const choice of choicesOf(schema, root) ?? []) types.add(typeOfValue(choice));
  return types;
}

/** `integer`, `"a" | "b"`, `string[]`: what to give. */
export function inWords(schema: unknown, root: Schema): string {
  const choices = choicesOf(schema, root);
  if (choices !== undefined) {
    const shown = choices
      .slice(0, MAX_CHOICES)
      .map(choice => (typeof choice === 'string' ? choice : JSON.stringify(choice)));
    return [...shown, ...(choices.length > MAX_CHOICES ? ['...'] : [])].join(' | ');
  }
  const types = [...typesOf(schema, root)].map(type => {
    if (type !== 'array') return type;
    const list = branches(schema, root).find(({ items }) => items !== undefined);
    const inner = list === undefined ? '' : inWords(list['items'], root);
    return inner === '' || inner === 'any' ? 'array' : `${inner.includes(' ') ? `(${inner})` : inner}[]`;
  });
  return types.length === 0 ? 'any' : types.join(' | ');
}
