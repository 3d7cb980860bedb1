import { SlipwayError } from '../protocol/coded-error.ts';
import type { SchemaPlace } from './conversion.ts';
import { type Optionality, optionalityOf } from './optionality.ts';
import { composeShape } from './shape-json-schema.ts';
import {
  isStandardSchema,
  isStandardSchemaWithJSON,
  type StandardJSONSchemaV1,
  type StandardSchemaV1,
  type StandardSchemaWithJSON,
} from './standard-schema.ts';

/** A schema per field: `{ name: z.string() }`, the short form that the official SDK has deprecated. */
export type RawShape = Readonly<Record<string, StandardSchemaV1>>;

type Flat<T> = { [Key in keyof T]: T[Key] };

/** What a handler gets for a raw shape: a key whose value may be undefined may be absent. */
export type RawShapeOutput<Shape extends RawShape> = Flat<
  {
    [Key in keyof Shape as undefined extends StandardSchemaV1.InferOutput<Shape[Key]>
      ? never
      : Key]: StandardSchemaV1.InferOutput<Shape[Key]>;
  } & {
    [Key in keyof Shape as undefined extends StandardSchemaV1.InferOutput<Shape[Key]>
      ? Key
      : never]?: StandardSchemaV1.InferOutput<Shape[Key]>;
  }
>;

/** A raw shape as one schema; `shape` leads back to the fields, as it does on `z.object`. */
export interface ShapeSchema extends StandardSchemaWithJSON<Record<string, unknown>> {
  readonly shape: RawShape;
}

/** Whether a value is a plain record of Standard Schemas; the empty record is one. */
export function isRawShape(value: unknown): value is RawShape {
  if (typeof value !== 'object' || value === null || isStandardSchema(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isStandardSchema);
}

interface Field extends Optionality {
  readonly name: string;
  readonly schema: StandardSchemaV1;
}

type FieldResult = StandardSchemaV1.Result<unknown>;

function typeName(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

/** Puts the results of the fields together, with the rules of `z.object` for absent keys. */
function collect(fields: readonly Field[], input: object, results: readonly FieldResult[]): FieldResult {
  const issues: StandardSchemaV1.Issue[] = [];
  const output: Record<string, unknown> = {};
  fields.forEach((field, index) => {
    const { name } = field;
    const result = results[index]!;
    const present = Object.hasOwn(input, name);
    if (!present && field.outputOptional && field.inputOptional && !field.substitutes) return;
    if (result.issues !== undefined && result.issues.length > 0) {
      if (!present && field.outputOptional && field.inputOptional) return;
      for (const issue of result.issues)
        issues.push({ ...issue, message: issue.message, path: [name, ...(issue.path ?? [])] });
      return;
    }
    if (!present && !field.inputOptional) {
      issues.push({ message: 'Invalid input: expected nonoptional, received undefined', path: [name] });
      return;
    }
    const { value } = result as StandardSchemaV1.SuccessResult<unknown>;
    if (value === undefined && !present && (!field.substitutes || field.outputOptional)) return;
    Object.defineProperty(output, name, { value, enumerable: true, writable: true, configurable: true });
  });
  return issues.length > 0 ? { issues } : { value: output };
}

function wrapShape(shape: RawShape): ShapeSchema {
  const fields: Field[] = Object.entries(shape).map(([name, schema]) => ({ name, schema, ...optionalityOf(schema) }));

  const validate = (input: unknown): FieldResult | Promise<FieldResult> => {
    if (typeof input !== 'object' || input === null || Array.isArray(input))
      return { issues: [{ message: `Invalid input: expected object, received ${typeName(input)}`, path: [] }] };
    const record = input as Record<string, unknown>;
    const results = fields.map(({ name, schema }) =>
      schema['~standard'].validate(Object.hasOwn(record, name) ? record[name] : undefined),
    );
    return results.some(result => 'then' in result)
      ? Promise.all(results).then(settled => collect(fields, record, settled))
      : collect(fields, record, results as FieldResult[]);
  };

  const describe = (direction: 'input' | 'output') => (options: StandardJSONSchemaV1.Options) =>
    composeShape(
      fields.map(({ name, schema, inputDeclaredOptional, outputOptional }) => {
        if (!isStandardSchemaWithJSON(schema))
          throw new Error(`the library "${schema['~standard'].vendor}" of field ${name} offers no JSON Schema`);
        return {
          name,
          schema: schema['~standard'].jsonSchema[direction](options),
          required: direction === 'input' ? !inputDeclaredOptional : !outputOptional,
        };
      }),
      direction,
    );

  return {
    shape,
    '~standard': {
      version: 1,
      vendor: 'slipway',
      validate: validate as ShapeSchema['~standard']['validate'],
      jsonSchema: { input: describe('input'), output: describe('output') },
    },
  };
}

const UNKNOWN_PLACE: SchemaPlace = { kind: 'component', name: '?', field: 'schema' };

/**
 * Brings the accepted forms of a schema to one: a Standard Schema stays as it is, a raw shape is wrapped (unknown keys
 * are dropped from the value, as `z.object` does), undefined stays undefined.
 *
 * @param where - for the text of the error
 * @throws SlipwayError SLIP_SCHEMA_NOT_CONVERTIBLE when the value is neither
 */
export function normalizeSchema(
  value: unknown,
  where: SchemaPlace = UNKNOWN_PLACE,
): StandardSchemaWithJSON | undefined {
  if (value === undefined) return undefined;
  // A schema without JSON Schema is refused when it is converted, where the reason can be told.
  if (isStandardSchema(value)) return value as StandardSchemaWithJSON;
  if (isRawShape(value)) return wrapShape(value);
  throw new SlipwayError('SLIP_SCHEMA_NOT_CONVERTIBLE', {
    ...where,
    why: 'it is neither a Standard Schema nor a record of them (a JSON Schema goes through fromJsonSchema)',
  });
}
