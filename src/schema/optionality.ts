import type { StandardSchemaV1 } from './standard-schema.ts';

/** What a field of an object schema says about its own absence. */
export interface Optionality {
  /** The key may be absent in the input. */
  readonly inputOptional: boolean;
  /** The JSON Schema of the input leaves the key out of `required`. */
  readonly inputDeclaredOptional: boolean;
  /** An absent key is given a value instead. */
  readonly substitutes: boolean;
  /** The key may be absent in the output. */
  readonly outputOptional: boolean;
}

/** The part of a zod 4 schema that tells how it treats an absent key; read, never imported. */
interface ZodInternals {
  readonly optin?: string | undefined;
  readonly optout?: string | undefined;
  readonly def: {
    readonly type?: string;
    readonly in?: ZodField;
    readonly out?: ZodField;
    readonly innerType?: ZodField;
  };
}
interface ZodField {
  readonly _zod: ZodInternals;
}

function zodInternals(field: unknown): ZodInternals | undefined {
  return (field as Partial<ZodField>)._zod;
}

/**
 * zod marks a transformation before a schema, and `catch`, as optional because they see absent keys too; what they
 * declare as their input stays required.
 */
function declaredOptin({ _zod: zod }: ZodField): string | undefined {
  if (zod.def.type === 'pipe' && zod.def.in?._zod.def.type === 'transform' && zod.def.out)
    return declaredOptin(zod.def.out);
  if (zod.def.type === 'catch' && zod.def.innerType) return declaredOptin(zod.def.innerType);
  return zod.optin;
}

/**
 * How a field treats an absent key. zod says so itself; any other library is asked by validating `undefined`, where
 * asynchronous fields count as required.
 */
export function optionalityOf(field: StandardSchemaV1): Optionality {
  const zod = zodInternals(field);
  if (zod !== undefined)
    return {
      inputOptional: zod.optin !== undefined,
      inputDeclaredOptional: declaredOptin(field as unknown as ZodField) !== undefined,
      substitutes: zod.optin === 'defaulted',
      outputOptional: zod.optout !== undefined,
    };
  const result = field['~standard'].validate(undefined);
  const accepted = !('then' in result) && (result.issues === undefined || result.issues.length === 0);
  const value = accepted ? (result as unknown as StandardSchemaV1.SuccessResult<unknown>).value : undefined;
  return {
    inputOptional: accepted,
    inputDeclaredOptional: accepted,
    substitutes: accepted && value !== undefined,
    outputOptional: accepted && value === undefined,
  };
}
