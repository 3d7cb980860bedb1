import { SlipwayError } from '../protocol/coded-error.ts';
import { isJsonObject, type JsonSchema } from './json-schema.ts';
import type { jsonSchemaValidator } from './json-schema-validator.ts';
import type { StandardSchemaV1, StandardSchemaWithJSON } from './standard-schema.ts';
import { validatorOf } from './validator-cache.ts';

const verbatim = new WeakSet<object>();

/** Whether a schema came from {@link fromJsonSchema}: its JSON Schema is the author's own and goes out as it is. */
export function isVerbatim(schema: object): boolean {
  return verbatim.has(schema);
}

/**
 * Makes a raw JSON Schema usable wherever a schema is expected. Clients see the very object, key by key; values are
 * checked against it, and are neither coerced nor given defaults.
 *
 * @param schema - JSON Schema 2020-12 (or draft-07, if `$schema` says so). `$ref` reaches only what is inside. Keywords
 * and formats that are not known mean nothing; `format` is an annotation.
 * @param validator - replaces the built-in validation, and then decides alone on dialects and references
 * @returns a Standard Schema whose input and output have the type T
 * @throws SlipwayError SLIP_SCHEMA_INVALID, SLIP_SCHEMA_DIALECT, SLIP_SCHEMA_REMOTE_REF, SLIP_SCHEMA_TOO_LARGE (deeper
 * than 64 subschemas, or more than 10,000 of them)
 *
 * @example
 * fromJsonSchema<{ city: string }>({ type: 'object', properties: { city: { type: 'string' } }, required: ['city'] })
 */
export function fromJsonSchema<T = unknown>(
  schema: JsonSchema | object,
  validator?: jsonSchemaValidator,
): StandardSchemaWithJSON<T, T> {
  if (!isJsonObject(schema)) throw new SlipwayError('SLIP_SCHEMA_INVALID', { why: 'it is not an object' });

  let check: (value: unknown) => StandardSchemaV1.Result<T>;
  if (validator === undefined) {
    const faultOf = validatorOf(schema);
    check = value => {
      const fault = faultOf(value);
      return fault === undefined ? { value: value as T } : { issues: [{ message: fault }] };
    };
  } else {
    const validateWith = validator.getValidator<T>(schema);
    check = value => {
      const result = validateWith(value);
      return result.valid ? { value: result.data } : { issues: [{ message: result.errorMessage }] };
    };
  }
  const wrapped: StandardSchemaWithJSON<T, T> = {
    '~standard': {
      version: 1,
      vendor: 'slipway',
      validate: check,
      jsonSchema: { input: () => schema, output: () => schema },
    },
  };
  verbatim.add(wrapped);
  return wrapped;
}
