import type { PromptArgument } from '../protocol/prompt.ts';
import { type SchemaPlace, toJsonSchema } from './conversion.ts';
import { isJsonObject } from './json-schema.ts';
import type { StandardSchemaV1 } from './standard-schema.ts';

/**
 * The arguments of a prompt as clients see them: one per property of the schema's JSON Schema, in its order
 * (MCP 2026-07-28, server/prompts, Prompt).
 *
 * @throws SlipwayError SLIP_SCHEMA_NOT_CONVERTIBLE
 */
export function promptArguments(
  schema: StandardSchemaV1,
  where: SchemaPlace = { kind: 'prompt', name: '?', field: 'argsSchema' },
): PromptArgument[] {
  const { properties, required } = toJsonSchema(schema, 'input', where);
  return Object.entries(isJsonObject(properties) ? properties : {}).map(([name, property]) => ({
    name,
    ...(isJsonObject(property) && typeof property.description === 'string' && { description: property.description }),
    required: Array.isArray(required) && required.includes(name),
  }));
}
