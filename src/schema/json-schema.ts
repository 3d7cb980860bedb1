/** A JSON Schema in its object form, as it goes over the wire (JSON Schema 2020-12 unless `$schema` says otherwise). */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** The keywords that authors write most; every other keyword is allowed too. */
export interface JsonSchemaType {
  $schema?: string;
  $id?: string;
  $ref?: string;
  $defs?: Record<string, unknown>;
  type?: string | string[];
  title?: string;
  description?: string;
  [keyword: string]: unknown;
}

/** The `inputSchema` of a tool that takes no arguments: it is required on the wire (MCP, server/tools, Tool). */
export const EMPTY_INPUT_SCHEMA: JsonSchema = Object.freeze({ type: 'object', properties: Object.freeze({}) });

/** The dialects that Slipway knows by name; validation supports the first two. */
export type JsonSchemaDialect = '2020-12' | 'draft-07' | '2019-09' | 'draft-06' | 'draft-04';

/**
 * The dialect that a `$schema` value names: 2020-12 when there is none (MCP, basic, JSON Schema usage), undefined when it
 * is not known. `http:` and `https:` and an empty fragment make no difference.
 */
export function dialectOf(schema: JsonSchema): JsonSchemaDialect | undefined {
  const declared = schema.$schema;
  if (declared === undefined) return '2020-12';
  if (typeof declared !== 'string') return undefined;
  const match = /^https?:\/\/json-schema\.org\/(?:draft\/(2020-12|2019-09)|(draft-0[467]))\/schema#?$/.exec(declared);
  return (match?.[1] ?? match?.[2]) as JsonSchemaDialect | undefined;
}

/** Whether a value can be looked into as a JSON Schema object. */
export function isJsonObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
