import { createRequire } from 'node:module';
import type { Ajv, AnySchema, Options, ValidateFunction } from 'ajv';
import { SlipwayError } from '../protocol/coded-error.ts';
import { dialectOf, type JsonSchema } from './json-schema.ts';
import { checkSchemaBounds } from './schema-bounds.ts';

/** Says what is wrong with a value, or undefined. */
export type CompiledValidator = (value: unknown) => string | undefined;

interface Engine {
  readonly Ajv: new (options?: Options) => Ajv;
  readonly metaSchema: string;
  /** Knows the meta schema and nothing else: compiling it takes a while, so it is kept. */
  readonly checker: Ajv;
}

const SUPPORTED = {
  '2020-12': { module: 'ajv/dist/2020.js', metaSchema: 'https://json-schema.org/draft/2020-12/schema' },
  'draft-07': { module: 'ajv', metaSchema: 'http://json-schema.org/draft-07/schema' },
} as const;

type SupportedDialect = keyof typeof SUPPORTED;

/**
 * `format` is an annotation in 2020-12 and needs a vocabulary of its own to be more; values are neither coerced nor
 * filled in, because the handler gets what the client sent.
 */
const OPTIONS: Options = { strict: false, allErrors: false, validateFormats: false, logger: false };

const require = createRequire(import.meta.url);
const engines = new Map<SupportedDialect, Engine>();

/** Loaded on the first raw JSON Schema: a server with zod only never pays for it. */
function engineOf(dialect: SupportedDialect): Engine {
  let engine = engines.get(dialect);
  if (engine === undefined) {
    const { module, metaSchema } = SUPPORTED[dialect];
    const { default: Ajv } = require(module) as { default: Engine['Ajv'] };
    engine = { Ajv, metaSchema, checker: new Ajv(OPTIONS) };
    engines.set(dialect, engine);
  }
  return engine;
}

function reasonOf(validate: Pick<ValidateFunction, 'errors'>, subject: string): string {
  const error = validate.errors?.[0];
  return error === undefined ? `${subject} is not valid` : `${subject}${error.instancePath} ${error.message}`;
}

function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The schema as JSON text: what clients see, and what equal schemas have in common.
 *
 * @throws SlipwayError SLIP_SCHEMA_INVALID when it has no JSON form
 */
export function schemaText(schema: JsonSchema): string {
  try {
    return JSON.stringify(schema);
  } catch (error) {
    throw new SlipwayError('SLIP_SCHEMA_INVALID', { why: whyOf(error) }, { cause: error });
  }
}

/**
 * Compiles a raw JSON Schema of dialect 2020-12 or draft-07. Unknown keywords and formats mean nothing.
 *
 * @throws SlipwayError SLIP_SCHEMA_DIALECT, SLIP_SCHEMA_TOO_LARGE, SLIP_SCHEMA_REMOTE_REF, SLIP_SCHEMA_INVALID
 */
export function compileJsonSchema(schema: JsonSchema): CompiledValidator {
  const dialect = dialectOf(schema);
  if (dialect !== '2020-12' && dialect !== 'draft-07')
    throw new SlipwayError('SLIP_SCHEMA_DIALECT', { dialect: String(schema.$schema).slice(0, 200) });
  checkSchemaBounds(schema);
  const { Ajv, metaSchema, checker } = engineOf(dialect);
  if (checker.validate(metaSchema, schema) !== true)
    throw new SlipwayError('SLIP_SCHEMA_INVALID', { why: reasonOf(checker, 'schema') });
  // Ajv would turn such a validator into one that answers with promises, which are always truthy.
  if ('$async' in schema) throw new SlipwayError('SLIP_SCHEMA_INVALID', { why: '$async is not a JSON Schema keyword' });

  // An instance remembers all that it ever compiled, so each schema has one of its own, collected together with it.
  const ajv = new Ajv({ ...OPTIONS, meta: false, validateSchema: false });
  ajv.removeKeyword('id'); // an unknown keyword since draft-06, which Ajv would refuse
  let check: ValidateFunction;
  try {
    const { $schema: _, ...body } = schema;
    check = ajv.compile(body as AnySchema);
  } catch (error) {
    const missing = (error as { missingRef?: unknown }).missingRef;
    if (typeof missing === 'string' && !missing.startsWith('#'))
      throw new SlipwayError('SLIP_SCHEMA_REMOTE_REF', { ref: missing }, { cause: error });
    throw new SlipwayError('SLIP_SCHEMA_INVALID', { why: whyOf(error) }, { cause: error });
  }
  return value => (check(value) ? undefined : reasonOf(check, 'data'));
}
