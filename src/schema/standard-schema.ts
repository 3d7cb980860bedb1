/**
 * The Standard Schema interfaces (version 1, https://standardschema.dev): what zod, ArkType, Valibot and others share.
 * Declared here so that Slipway needs no package for them; structurally the same as everybody's, so values and types of
 * any library, and of the official SDK, are mutually assignable. The namespaces hold types only and are erased.
 */

/** A value that carries the types of its input and output. */
export interface StandardTypedV1<Input = unknown, Output = Input> {
  readonly '~standard': StandardTypedV1.Props<Input, Output>;
}

export declare namespace StandardTypedV1 {
  export interface Props<Input = unknown, Output = Input> {
    readonly version: 1;
    /** The schema library, for example "zod". */
    readonly vendor: string;
    /** Exists for the type checker only. */
    readonly types?: Types<Input, Output> | undefined;
  }
  export interface Types<Input = unknown, Output = Input> {
    readonly input: Input;
    readonly output: Output;
  }
  export type InferInput<Schema extends StandardTypedV1> = NonNullable<Schema['~standard']['types']>['input'];
  export type InferOutput<Schema extends StandardTypedV1> = NonNullable<Schema['~standard']['types']>['output'];
}

/** A schema that validates. */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly '~standard': StandardSchemaV1.Props<Input, Output>;
}

export declare namespace StandardSchemaV1 {
  export interface Props<Input = unknown, Output = Input> extends StandardTypedV1.Props<Input, Output> {
    /** Synchronous or not, as the library and the schema decide. */
    readonly validate: (value: unknown, options?: Options | undefined) => Result<Output> | Promise<Result<Output>>;
  }
  export interface Options {
    readonly libraryOptions?: Record<string, unknown> | undefined;
  }
  export type Result<Output> = SuccessResult<Output> | FailureResult;
  export interface SuccessResult<Output> {
    readonly value: Output;
    readonly issues?: undefined;
  }
  export interface FailureResult {
    readonly issues: ReadonlyArray<Issue>;
  }
  export interface Issue {
    readonly message: string;
    readonly path?: ReadonlyArray<PropertyKey | PathSegment> | undefined;
  }
  export interface PathSegment {
    readonly key: PropertyKey;
  }
  export type InferInput<Schema extends StandardTypedV1> = StandardTypedV1.InferInput<Schema>;
  export type InferOutput<Schema extends StandardTypedV1> = StandardTypedV1.InferOutput<Schema>;
}

/** A schema that describes itself as JSON Schema. */
export interface StandardJSONSchemaV1<Input = unknown, Output = Input> {
  readonly '~standard': StandardJSONSchemaV1.Props<Input, Output>;
}

export declare namespace StandardJSONSchemaV1 {
  export interface Props<Input = unknown, Output = Input> extends StandardTypedV1.Props<Input, Output> {
    readonly jsonSchema: Converter;
  }
  export interface Converter {
    readonly input: (options: Options) => Record<string, unknown>;
    readonly output: (options: Options) => Record<string, unknown>;
  }
  export type Target = 'draft-2020-12' | 'draft-07' | 'openapi-3.0' | (object & string);
  export interface Options {
    readonly target: Target;
    readonly libraryOptions?: Record<string, unknown> | undefined;
  }
  export type InferInput<Schema extends StandardTypedV1> = StandardTypedV1.InferInput<Schema>;
  export type InferOutput<Schema extends StandardTypedV1> = StandardTypedV1.InferOutput<Schema>;
}

/**
 * A schema that validates and describes itself: what tools and prompts are registered with. zod (4.2 and later) and
 * ArkType offer both, Valibot does through `toStandardJsonSchema` of @valibot/to-json-schema.
 */
export interface StandardSchemaWithJSON<Input = unknown, Output = Input> {
  readonly '~standard': StandardSchemaV1.Props<Input, Output> & StandardJSONSchemaV1.Props<Input, Output>;
}

export declare namespace StandardSchemaWithJSON {
  export type InferInput<Schema extends StandardTypedV1> = StandardTypedV1.InferInput<Schema>;
  export type InferOutput<Schema extends StandardTypedV1> = StandardTypedV1.InferOutput<Schema>;
}

/** ArkType's schemas are functions, so both kinds of value are looked into. */
function standardProps(value: unknown): Partial<StandardSchemaWithJSON['~standard']> | undefined {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return undefined;
  const props = (value as Partial<StandardSchemaWithJSON>)['~standard'];
  return props !== null && (typeof props === 'object' || typeof props === 'function') ? props : undefined;
}

/** Whether a value is a Standard Schema: it can validate. Whether it offers JSON Schema too is another question. */
export function isStandardSchema(value: unknown): value is StandardSchemaV1 {
  return typeof standardProps(value)?.validate === 'function';
}

/** Whether a value is a Standard Schema that offers JSON Schema. */
export function isStandardSchemaWithJSON(value: unknown): value is StandardSchemaWithJSON {
  const converter = standardProps(value)?.jsonSchema;
  return isStandardSchema(value) && typeof converter?.input === 'function' && typeof converter.output === 'function';
}
