import type { StandardSchemaV1 } from './standard-schema.ts';

/** The official SDK marks its schemas with the same symbol, so either one reads the other's. */
export const COMPLETABLE_SYMBOL: unique symbol = Symbol.for('mcp.completable');

/** Suggests values for what a user has typed so far; `context.arguments` has the arguments already given. */
export type CompleteCallback<Schema extends StandardSchemaV1 = StandardSchemaV1> = (
  value: StandardSchemaV1.InferInput<Schema>,
  context?: { arguments?: Record<string, string> },
) => StandardSchemaV1.InferInput<Schema>[] | Promise<StandardSchemaV1.InferInput<Schema>[]>;

export interface CompletableMeta<Schema extends StandardSchemaV1 = StandardSchemaV1> {
  complete: CompleteCallback<Schema>;
}

export type CompletableSchema<Schema extends StandardSchemaV1> = Schema & {
  [COMPLETABLE_SYMBOL]: CompletableMeta<Schema>;
};

/**
 * Gives the schema of a prompt's argument suggestions (MCP 2026-07-28, server/utilities/completion). Marks the schema
 * itself and returns it; marking it again replaces the callback. Methods that make a new schema, like zod's
 * `.describe()`, lose the mark: call them first.
 *
 * @example
 * completable(z.string().describe('Language'), typed => ['rust', 'ruby'].filter(name => name.startsWith(typed)))
 */
export function completable<Schema extends StandardSchemaV1>(
  schema: Schema,
  complete: CompleteCallback<Schema>,
): CompletableSchema<Schema> {
  Object.defineProperty(schema, COMPLETABLE_SYMBOL, {
    value: { complete } satisfies CompletableMeta<Schema>,
    enumerable: false,
    writable: false,
    configurable: true,
  });
  return schema as CompletableSchema<Schema>;
}

/** Whether a schema has suggestions of its own. */
export function isCompletable(schema: unknown): schema is CompletableSchema<StandardSchemaV1> {
  return (
    schema !== null && (typeof schema === 'object' || typeof schema === 'function') && COMPLETABLE_SYMBOL in schema
  );
}

/** The callback that {@link completable} was given for this schema. */
export function getCompleter<Schema extends StandardSchemaV1>(schema: Schema): CompleteCallback<Schema> | undefined {
  return (schema as unknown as Partial<CompletableSchema<Schema>>)[COMPLETABLE_SYMBOL]?.complete;
}

/** How far `.optional().nullable().default(...)` is followed inwards. */
const WRAPPERS_FOLLOWED = 8;

/** The schema inside of an optional one: zod keeps it in `def.innerType`, Valibot in `wrapped`. */
function innerSchema(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return undefined;
  const { def, wrapped } = schema as { def?: { innerType?: unknown }; wrapped?: unknown };
  return def?.innerType ?? wrapped;
}

/**
 * The suggestions for one argument of a prompt whose schema is an object with a `shape` (zod, a raw shape), also when the
 * marked schema is wrapped as optional.
 */
export function completerOf(schema: unknown, argumentName: string): CompleteCallback | undefined {
  const shape = (schema as { shape?: unknown } | null | undefined)?.shape;
  if (typeof shape !== 'object' || shape === null || !Object.hasOwn(shape, argumentName)) return undefined;
  let field = (shape as Record<string, unknown>)[argumentName];
  for (let wrappers = 0; wrappers <= WRAPPERS_FOLLOWED && field !== undefined; wrappers++) {
    if (isCompletable(field)) return field[COMPLETABLE_SYMBOL].complete;
    field = innerSchema(field);
  }
  return undefined;
}
