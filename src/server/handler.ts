/** Handlers of methods that the author answers himself, and the operations made of them. */
import { metaOf } from '../protocol/envelope.ts';
import { INVALID_PARAMS, isPlainObject, type Notification } from '../protocol/json-rpc.ts';
import type {
  HandlerResultTypeMap,
  NotificationMethod,
  NotificationTypeMap,
  RequestMethod,
  RequestTypeMap,
} from '../protocol/method.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { Result } from '../protocol/result.ts';
import type { StandardSchemaV1 } from '../schema/standard-schema.ts';
import { formatIssues, validate } from '../schema/validation.ts';
import type { Params } from './call.ts';
import type { RequestContext, ServerContext } from './context.ts';
import { endOfHandler } from './linear-handler.ts';
import type { Operation } from './middleware.ts';

type MaybePromise<T> = T | Promise<T>;

export interface RequestHandlerSchemas<
  P extends StandardSchemaV1 = StandardSchemaV1,
  R extends StandardSchemaV1 | undefined = StandardSchemaV1 | undefined,
> {
  params: P;
  result?: R;
}

export interface SetRequestHandler {
  <M extends RequestMethod>(
    method: M,
    handler: (request: RequestTypeMap[M], ctx: ServerContext) => MaybePromise<HandlerResultTypeMap[M]>,
  ): void;
  <P extends StandardSchemaV1, R extends StandardSchemaV1 | undefined = undefined>(
    method: string,
    schemas: { params: P; result?: R },
    handler: (
      params: StandardSchemaV1.InferOutput<P>,
      ctx: ServerContext,
    ) => MaybePromise<R extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<R> : Result>,
  ): void;
}

export interface SetNotificationHandler {
  <M extends NotificationMethod>(
    method: M,
    handler: (notification: NotificationTypeMap[M]) => MaybePromise<void>,
  ): void;
  <P extends StandardSchemaV1>(
    method: string,
    schemas: { params: P },
    handler: (params: StandardSchemaV1.InferOutput<P>, notification: Notification) => MaybePromise<void>,
  ): void;
}

// biome-ignore lint/suspicious/noExplicitAny: the overloads above say what each handler takes
type AnyHandler = (input: any, ctx: ServerContext) => unknown;
// biome-ignore lint/suspicious/noExplicitAny: the same
type AnyListener = (input: any, notification: Notification) => unknown;

/** What follows the method's name: a handler, or schemas and a handler. */
export type RequestHandlerArguments = readonly [handler: AnyHandler] | readonly [schemas: object, handler: AnyHandler];

export type NotificationHandlerArguments =
  | readonly [handler: AnyListener]
  | readonly [schemas: object, handler: AnyListener];

export type NotificationHandler = (notification: Notification) => unknown;

const RESERVED = 'io.modelcontextprotocol/';

/** The params without what the context shows instead: the envelope keys, the answers and the state of earlier rounds. */
function liftParams(params: Params): Params {
  const { inputResponses: _responses, requestState: _state, ...lifted } = params;
  const meta = metaOf(params);
  if (meta === undefined) return lifted;
  const kept = Object.entries(meta).filter(([key]) => !key.startsWith(RESERVED));
  const { _meta, ...bare } = lifted;
  return kept.length === 0 ? bare : { ...bare, _meta: Object.fromEntries(kept) };
}

/** The operation of a handler that the author set. */
export function userOperation(method: string, rest: RequestHandlerArguments): Operation {
  const [first, second] = rest;
  const handler = (second ?? first) as ((input: unknown, ctx: ServerContext) => unknown) | undefined;
  if (typeof handler !== 'function') throw new TypeError(`setRequestHandler('${method}'): a handler is required`);
  const answer = async (input: unknown, context: RequestContext): Promise<Result> => {
    let result: unknown;
    try {
      context.begin(handler);
      result = await handler(input, context);
    } catch (error) {
      return endOfHandler(context, error);
    }
    if (!isPlainObject(result)) throw new TypeError(`the handler of ${method} returned no object`);
    // A tool without content is answered with none, as registered tools are.
    if (method === 'tools/call' && result['content'] === undefined && result['resultType'] === undefined) {
      return { ...result, content: [] } as Result;
    }
    return result as Result;
  };
  if (second === undefined) {
    return (context, params) => {
      const lifted = context.call.envelope === undefined ? params : liftParams(params);
      const bare = Object.keys(params).length === 0;
      return answer(bare ? { method } : { method, params: lifted }, context);
    };
  }
  const schemas = first as unknown as RequestHandlerSchemas;
  return async (context, params) => {
    const lifted = context.call.envelope === undefined ? params : liftParams(params);
    const { _meta, ...own } = lifted as { _meta?: unknown };
    const checked = await validate(schemas.params, own);
    if (checked.issues !== undefined) {
      throw new ProtocolError(INVALID_PARAMS, `Invalid params for ${method}: ${formatIssues(checked.issues)}`);
    }
    return answer(checked.value, context);
  };
}

export function userNotification(rest: NotificationHandlerArguments): NotificationHandler {
  const [first, second] = rest as readonly [unknown, unknown?];
  if (second === undefined) return first as NotificationHandler;
  const { params: schema } = first as { params: StandardSchemaV1 };
  const handler = second as (params: unknown, notification: Notification) => unknown;
  return async notification => {
    const { _meta, ...own } = notification.params ?? {};
    const checked = await validate(schema, own);
    if (checked.issues !== undefined) throw new Error(formatIssues(checked.issues));
    await handler(checked.value, notification);
  };
}
