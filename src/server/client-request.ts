/** Requests from the server to its client: the 2025 era's way of asking while a call is in progress. */
import type { ClientCapabilities } from '../protocol/capability.ts';
import { missingCapabilities } from '../protocol/client-capability.ts';
import type { ElicitRequestFormParams, ElicitRequestURLParams, ElicitResult } from '../protocol/elicitation.ts';
import { INVALID_PARAMS, isPlainObject } from '../protocol/json-rpc.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import { isModernRevision } from '../protocol/revision.ts';
import type { ListRootsResult } from '../protocol/roots.ts';
import type {
  CreateMessageRequestParams,
  CreateMessageResult,
  CreateMessageResultWithTools,
} from '../protocol/sampling.ts';
import { SdkError, SdkErrorCode } from '../protocol/sdk-error.ts';
import { fromJsonSchema } from '../schema/from-json-schema.ts';
import { isStandardSchema, type StandardSchemaV1 } from '../schema/standard-schema.ts';
import { formatIssues, validate } from '../schema/validation.ts';
import type { RequestContext } from './context.ts';
import { toElicitationForm } from './elicitation-form.ts';
import type { RequestOptions } from './peer.ts';
import type { Server } from './server.ts';

/** What is needed to ask: where from, and what the other side declared. */
export interface Asker {
  readonly server: Server;
  readonly revision: string | undefined;
  readonly clientCapabilities: ClientCapabilities | undefined;
  request(method: string, params: unknown, options?: RequestOptions): Promise<unknown>;
}

export function askerOf(context: RequestContext): Asker {
  return {
    server: context.server,
    revision: context.call.revision,
    clientCapabilities: context.clientCapabilities,
    request: (method, params, options) => context.peer.request(method, params, options),
  };
}

/** Why the client may not be asked this, if so. */
function refusal(asker: Asker, method: string, required: ClientCapabilities | undefined): SdkError | undefined {
  if (asker.revision !== undefined && isModernRevision(asker.revision)) {
    return new SdkError(
      SdkErrorCode.MethodNotSupportedByProtocolVersion,
      `'${method}' can not be sent in revision ${asker.revision}: return inputRequired({ ... }) from the handler instead`,
      { method, era: asker.revision },
    );
  }
  const missing = required === undefined ? undefined : missingCapabilities(required, asker.clientCapabilities);
  if (missing === undefined) return undefined;
  const names = Object.entries(missing).map(([name, inner]) => [name, ...Object.keys(inner ?? {})].join(' '));
  return new SdkError(SdkErrorCode.CapabilityNotSupported, `Client does not support ${names.join(', ')} (${method})`);
}

async function ask<T>(
  asker: Asker,
  method: string,
  params: unknown,
  required: ClientCapabilities | undefined,
  options: RequestOptions | undefined,
): Promise<T> {
  const refused = refusal(asker, method, required);
  if (refused !== undefined) throw refused;
  return (await asker.request(method, params, options)) as T;
}

const REQUIRED: Readonly<Record<string, ClientCapabilities>> = {
  'sampling/createMessage': { sampling: {} },
  'elicitation/create': { elicitation: {} },
  'roots/list': { roots: {} },
};

/** Any request; `ctx.mcpReq.send` and `server.request`. A result schema checks the answer. */
export async function send(
  asker: Asker,
  request: { method: string; params?: Record<string, unknown> },
  schemaOrOptions?: StandardSchemaV1 | RequestOptions,
  options?: RequestOptions,
): Promise<unknown> {
  const schema = isStandardSchema(schemaOrOptions) ? schemaOrOptions : undefined;
  const chosen = schema === undefined ? (schemaOrOptions as RequestOptions | undefined) : options;
  if (schema === undefined && !Object.hasOwn(REQUIRED, request.method) && request.method !== 'ping') {
    throw new TypeError(`'${request.method}' is not a method of MCP: pass a schema of its result as second argument`);
  }
  const result = await ask(asker, request.method, request.params, REQUIRED[request.method], chosen);
  if (schema === undefined) return result;
  const checked = await validate(schema, result);
  if (checked.issues === undefined) return checked.value;
  throw new SdkError(
    SdkErrorCode.InvalidResult,
    `Invalid result for ${request.method}: ${formatIssues(checked.issues)}`,
  );
}

/** @throws SdkError when this is no answer to an elicitation */
function assertAction(result: unknown): ElicitResult {
  const { action } = result as ElicitResult;
  if (action === 'accept' || action === 'decline' || action === 'cancel') return result as ElicitResult;
  throw new SdkError(SdkErrorCode.InvalidResult, 'Invalid elicitation/create result');
}

/** Asks the user by form or URL. Accepted content is checked against the requested schema. */
export async function elicitInput(
  asker: Asker,
  params: ElicitRequestFormParams | ElicitRequestURLParams,
  options?: RequestOptions,
): Promise<ElicitResult> {
  if (params.mode === 'url') {
    return assertAction(await ask(asker, 'elicitation/create', params, { elicitation: { url: {} } }, options));
  }
  const form = { ...toElicitationForm(params), mode: 'form' as const };
  const asked = ask(asker, 'elicitation/create', form, { elicitation: { form: {} } }, options);
  const result = assertAction(await asked);
  if (result.action === 'accept') {
    const schema = fromJsonSchema(form.requestedSchema, asker.server.options.jsonSchemaValidator);
    const content: unknown = result.content ?? {};
    if (!isPlainObject(content)) throw new SdkError(SdkErrorCode.InvalidResult, 'Invalid elicitation/create result');
    const checked = await validate(schema, content);
    if (checked.issues !== undefined) {
      const text = `Elicitation response content does not match requested schema: ${formatIssues(checked.issues)}`;
      throw new ProtocolError(INVALID_PARAMS, text);
    }
  }
  return result;
}

/** Whether this is what a model said: its role, its name, and one block or a list of them. */
export function isSamplingResult(result: unknown): result is CreateMessageResult {
  if (!isPlainObject(result) || typeof result['model'] !== 'string') return false;
  if (result['role'] !== 'assistant' && result['role'] !== 'user') return false;
  const { content } = result;
  const blocks: unknown[] = Array.isArray(content) ? content : [content];
  return blocks.every(block => isPlainObject(block) && typeof block['type'] === 'string');
}

/** Asks the client's model. */
export async function requestSampling(
  asker: Asker,
  params: CreateMessageRequestParams,
  options?: RequestOptions,
): Promise<CreateMessageResult | CreateMessageResultWithTools> {
  const withTools = params.tools !== undefined || params.toolChoice !== undefined;
  const required = withTools ? { sampling: { tools: {} } } : { sampling: {} };
  const fault = toolMessageFault(params);
  const refused = refusal(asker, 'sampling/createMessage', required);
  if (refused === undefined && fault !== undefined) throw new ProtocolError(INVALID_PARAMS, fault);
  const result = await ask<CreateMessageResult>(asker, 'sampling/createMessage', params, required, options);
  if (!isSamplingResult(result)) {
    throw new SdkError(SdkErrorCode.InvalidResult, 'Invalid sampling/createMessage result');
  }
  return result;
}

/** MCP 2025-11-25, client/sampling: results of tools answer exactly the calls of the message before. */
export function toolMessageFault(params: CreateMessageRequestParams): string | undefined {
  const blocksOf = (index: number) => {
    const content = params.messages.at(index)?.content;
    return content === undefined ? [] : Array.isArray(content) ? content : [content];
  };
  const results = blocksOf(-1).filter(block => block.type === 'tool_result');
  const uses = params.messages.length > 1 ? blocksOf(-2).filter(block => block.type === 'tool_use') : [];
  if (results.length > 0 && results.length < blocksOf(-1).length) {
    return 'The last message must contain only tool_result content if any is present';
  }
  if (results.length > 0 && uses.length === 0) {
    return 'tool_result blocks are not matching any tool_use from the previous message';
  }
  const answered = new Set(results.map(block => block.toolUseId));
  if (uses.length > 0 && (answered.size !== uses.length || !uses.every(block => answered.has(block.id)))) {
    return 'ids of tool_result blocks and tool_use blocks from previous message do not match';
  }
  return undefined;
}

export function listRoots(
  asker: Asker,
  params?: Record<string, unknown>,
  options?: RequestOptions,
): Promise<ListRootsResult> {
  return ask(asker, 'roots/list', params, { roots: {} }, options);
}

export function ping(asker: Asker, options?: RequestOptions): Promise<Record<string, unknown>> {
  return ask(asker, 'ping', undefined, undefined, options);
}
