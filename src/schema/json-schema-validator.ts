import type { JsonSchema } from './json-schema.ts';

/** What a custom validator says about a value. */
export type JsonSchemaValidatorResult<T> =
  | { valid: true; data: T; errorMessage: undefined }
  | { valid: false; data: undefined; errorMessage: string };

/** Checks one value after another against the schema that it was made for. */
export type JsonSchemaValidator<T> = (input: unknown) => JsonSchemaValidatorResult<T>;

/**
 * A validator of the author's choice for raw JSON Schemas; it decides on dialects, formats and references.
 * The name is the official SDK's, so that its validators fit.
 */
export interface jsonSchemaValidator {
  getValidator<T>(schema: JsonSchema): JsonSchemaValidator<T>;
}
