/** Arguments that fit an input schema, as far as that can be guessed: what is required, and no more. */
import { isMember, type JsonMember } from './rpc-answer.ts';

const MAX_DEPTH = 5;
const SAMPLES: Readonly<Record<string, unknown>> = {
  string: 'test',
  number: 1,
  integer: 1,
  boolean: false,
  array: [],
  null: null,
};

/** Undefined where no value can be guessed. */
function sample(schema: unknown, depth: number): unknown {
  if (!isMember(schema) || depth > MAX_DEPTH) return undefined;
  if ('const' in schema) return schema['const'];
  if ('default' in schema) return schema['default'];
  const { enum: values, minimum, minLength, minItems, pattern, format } = schema;
  if (Array.isArray(values)) return values[0];
  if (pattern !== undefined || format !== undefined || (typeof minItems === 'number' && minItems > 0)) return undefined;
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  if (type === 'object') return sampleObject(schema, depth);
  if ((type === 'number' || type === 'integer') && typeof minimum === 'number') return Math.ceil(minimum);
  if (type === 'string' && typeof minLength === 'number') return 'test'.padEnd(Math.min(minLength, 100), '-');
  return SAMPLES[String(type)];
}

function sampleObject(schema: JsonMember, depth: number): JsonMember | undefined {
  const { required = [], properties = {} } = schema;
  if (!Array.isArray(required) || !isMember(properties)) return undefined;
  const entries = required.map(name => [String(name), sample(properties[String(name)], depth + 1)] as const);
  if (entries.some(([, value]) => value === undefined)) return undefined;
  return Object.fromEntries(entries);
}

/** @returns undefined where no arguments can be guessed */
export function sampleArguments(inputSchema: unknown): JsonMember | undefined {
  return isMember(inputSchema) ? sampleObject(inputSchema, 0) : undefined;
}
