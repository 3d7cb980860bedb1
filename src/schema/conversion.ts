import { SlipwayError } from '../protocol/coded-error.ts';
import { isVerbatim } from './from-json-schema.ts';
import { isJsonObject, type JsonSchema } from './json-schema.ts';
import { isStandardSchemaWithJSON, type StandardSchemaV1 } from './standard-schema.ts';

/** Where a schema stands in the author's code, for the texts of errors. */
export interface SchemaPlace {
  /** "tool", "prompt", ... */
  readonly kind: string;
  /** The name of that tool or prompt. */
  readonly name: string;
  /** "inputSchema", "outputSchema" or "argsSchema". */
  readonly field: string;
}

function notConvertible(where: SchemaPlace, why: string, cause?: unknown): SlipwayError {
  return new SlipwayError('SLIP_SCHEMA_NOT_CONVERTIBLE', { ...where, why }, { cause });
}

/** Whether a root without `type` can describe objects only, so that adding `"type": "object"` changes nothing. */
function describesObject(schema: JsonSchema): boolean {
  if (schema.type !== undefined) return schema.type === 'object';
  if (['properties', 'patternProperties', 'additionalProperties', 'required'].some(keyword => keyword in schema))
    return true;
  for (const keyword of ['oneOf', 'anyOf', 'allOf']) {
    const members = schema[keyword];
    if (Array.isArray(members) && members.length > 0)
      return members.every(member => isJsonObject(member) && describesObject(member));
  }
  return false;
}

/**
 * The JSON Schema (2020-12) of a Standard Schema, as clients see it. Meant for registration: libraries take their time.
 *
 * An input schema always has `"type": "object"` at its root (MCP 2026-07-28, server/tools, Tool); an output schema may
 * have any root, and gets the type only where the library left it out of a schema that describes objects anyway.
 * What `fromJsonSchema` was given comes back as the same object, untouched.
 *
 * @param direction - "input": what the caller may send; "output": what comes out after defaults and transformations
 * @throws SlipwayError SLIP_SCHEMA_NOT_CONVERTIBLE when the library can not describe the schema,
 * SLIP_SCHEMA_NOT_OBJECT when the input of a tool is not an object
 */
export function toJsonSchema(schema: StandardSchemaV1, direction: 'input' | 'output', where: SchemaPlace): JsonSchema {
  if (!isStandardSchemaWithJSON(schema))
    throw notConvertible(where, `the library "${schema['~standard'].vendor}" offers no JSON Schema in this version`);
  let converted: Record<string, unknown>;
  try {
    converted = schema['~standard'].jsonSchema[direction]({ target: 'draft-2020-12' });
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    throw notConvertible(where, error instanceof Error ? error.message : String(error), error);
  }
  if (!isJsonObject(converted)) throw notConvertible(where, 'the library answered with something else');
  if (direction === 'output')
    return converted.type === undefined && describesObject(converted) ? { type: 'object', ...converted } : converted;
  if (converted.type !== undefined && converted.type !== 'object') {
    if (where.kind === 'tool') throw new SlipwayError('SLIP_SCHEMA_NOT_OBJECT', { ...where });
    throw notConvertible(where, `it describes ${JSON.stringify(converted.type)} instead of an object`);
  }
  return converted.type === 'object' && isVerbatim(schema) ? converted : { type: 'object', ...converted };
}
