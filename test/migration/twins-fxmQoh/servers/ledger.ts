/**
 * An audit ledger in front of a small shop: written against the protocol's types by name, as a gateway is that stores,
 * counts and replays messages. One entry per message; the tools read the ledger back.
 */

import {
  type AnyToolHandler,
  BAGGAGE_META_KEY,
  type BaseMetadata,
  type BaseToolCallback,
  type BlobResourceContents,
  type BooleanSchema,
  type CacheHint,
  type CacheScope,
  type CallToolRequest,
  type CallToolRequestParams,
  type CallToolResult,
  type CancelledNotification,
  type CancelledNotificationParams,
  type ClientNotification,
  type ClientRequest,
  type ClientResult,
  type CompletableSchema,
  type CompleteCallback,
  type CompleteRequest,
  type CompleteRequestParams,
  type CompleteRequestPrompt,
  type CompleteRequestResourceTemplate,
  type CompleteResourceTemplateCallback,
  type CompleteResult,
  type CreateMessageRequest,
  type CreateMessageRequestParams,
  type CreateMessageRequestParamsBase,
  type CreateMessageRequestParamsWithTools,
  type CreateMessageResult,
  type CreateMessageResultWithTools,
  type Cursor,
  completable,
  createMcpHandler,
  type DiscoverRequest,
  type DiscoverResult,
  type ElicitationCompleteNotification,
  type ElicitationCompleteNotificationParams,
  type ElicitInputParams,
  type ElicitRequest,
  type ElicitRequestFormParams,
  type ElicitRequestParams,
  type ElicitRequestURLParams,
  type ElicitResult,
  type EmptyResult,
  type EnumSchema,
  type GetPromptRequest,
  type GetPromptRequestParams,
  type GetPromptResult,
  type HandlerResultTypeMap,
  type HostHeaderValidationResult,
  type Icons,
  type InitializedNotification,
  type InitializeRequest,
  type InitializeRequestParams,
  type InitializeResult,
  type InputRequest,
  type InputRequests,
  type InputRequiredResult,
  type InputRequiredSpec,
  type InputResponse,
  type InputResponses,
  type InternalError,
  type InvalidParamsError,
  type InvalidRequestError,
  type IsLegacyRequestOptions,
  inputRequired,
  type JSONArray,
  type JSONObject,
  type JSONRPCErrorResponse,
  type JSONRPCMessage,
  type JSONRPCNotification,
  type JSONRPCRequest,
  type JSONRPCResponse,
  type JSONRPCResultResponse,
  type JSONValue,
  type JsonSchemaValidatorResult,
  type LegacyHttpHandler,
  type LegacyStatelessFallbackOptions,
  type LegacyTitledEnumSchema,
  type ListPromptsRequest,
  type ListPromptsResult,
  type ListResourcesRequest,
  type ListResourcesResult,
  type ListResourceTemplatesRequest,
  type ListResourceTemplatesResult,
  type ListRootsRequest,
  type ListRootsResult,
  type ListToolsRequest,
  type ListToolsResult,
  type LoggingMessageNotification,
  type LoggingMessageNotificationParams,
  type McpHandlerRequestOptions,
  McpServer,
  type MessageExtraInfo,
  type MetaObject,
  type MethodNotFoundError,
  type MissingRequiredClientCapabilityErrorData,
  type ModelHint,
  type ModelPreferences,
  type MultiSelectEnumSchema,
  type NotificationMethod,
  type NotificationOptions,
  type NotificationParams,
  type NotificationTypeMap,
  type NumberSchema,
  type OriginValidationResult,
  type PaginatedRequest,
  type PaginatedRequestParams,
  type PaginatedResult,
  type ParseError,
  type PingRequest,
  type PrimitiveSchemaDefinition,
  type Progress,
  type ProgressCallback,
  type ProgressNotification,
  type ProgressNotificationParams,
  type ProgressToken,
  type Prompt,
  type PromptArgument,
  type PromptListChangedNotification,
  type PromptMessage,
  type PromptReference,
  type ProtocolEra,
  type ReadResourceRequest,
  type ReadResourceRequestParams,
  type ReadResourceResult,
  type RequestHandlerSchemas,
  type RequestId,
  type RequestMeta,
  type RequestMetaEnvelope,
  type RequestMetaObject,
  type RequestMethod,
  type RequestParams,
  type RequestStateAccessor,
  type RequestStateCodecOptions,
  type RequestTypeMap,
  type Resource,
  type ResourceContents,
  type ResourceListChangedNotification,
  type ResourceRequestParams,
  type ResourceTemplateReference,
  type ResourceTemplateType,
  type ResourceUpdatedNotification,
  type ResourceUpdatedNotificationParams,
  type Result,
  type ResultMetaObject,
  type ResultTypeMap,
  type Role,
  type RootsListChangedNotification,
  type SamplingContent,
  type SamplingMessage,
  type SamplingMessageContentBlock,
  type ScopeChallenge,
  type ServerNotification,
  type ServerRequest,
  type ServerResult,
  type SetLevelRequest,
  type SetLevelRequestParams,
  type SingleSelectEnumSchema,
  type StandardSchemaWithJSON,
  type StringSchema,
  type SubscribeRequest,
  type SubscribeRequestParams,
  type SubscriptionFilter,
  type SubscriptionsAcknowledgedNotification,
  type SubscriptionsAcknowledgedNotificationParams,
  type SubscriptionsListenRequest,
  type SubscriptionsListenRequestParams,
  type SubscriptionsListenResult,
  type SubscriptionsListenResultMeta,
  type TextResourceContents,
  type TitledMultiSelectEnumSchema,
  type TitledSingleSelectEnumSchema,
  type Tool,
  type ToolChoice,
  type ToolExecution,
  type ToolListChangedNotification,
  type ToolResultContent,
  type ToolUseContent,
  TRACEPARENT_META_KEY,
  TRACESTATE_META_KEY,
  type UnsubscribeRequest,
  type UnsubscribeRequestParams,
  type UnsupportedProtocolVersionErrorData,
  type UntitledMultiSelectEnumSchema,
  type UntitledSingleSelectEnumSchema,
} from 'slipway';
import * as z from 'zod';

/** What one call of a method consists of. */
interface Call<Q, P, R> {
  readonly request: Q;
  readonly params: P;
  readonly result: R;
}

/** Every call the ledger has a column for. */
interface Columns {
  initialize: Call<InitializeRequest, InitializeRequestParams, InitializeResult>;
  'server/discover': Call<DiscoverRequest, RequestParams, DiscoverResult>;
  ping: Call<PingRequest, undefined, EmptyResult>;
  'tools/list': Call<ListToolsRequest, PaginatedRequestParams, ListToolsResult>;
  'tools/call': Call<CallToolRequest, CallToolRequestParams, CallToolResult | InputRequiredResult>;
  'prompts/list': Call<ListPromptsRequest, PaginatedRequestParams, ListPromptsResult>;
  'prompts/get': Call<GetPromptRequest, GetPromptRequestParams, GetPromptResult>;
  'resources/list': Call<ListResourcesRequest, PaginatedRequestParams, ListResourcesResult>;
  'resources/templates/list': Call<ListResourceTemplatesRequest, PaginatedRequestParams, ListResourceTemplatesResult>;
  'resources/read': Call<ReadResourceRequest, ReadResourceRequestParams & ResourceRequestParams, ReadResourceResult>;
  'resources/subscribe': Call<SubscribeRequest, SubscribeRequestParams, EmptyResult>;
  'resources/unsubscribe': Call<UnsubscribeRequest, UnsubscribeRequestParams, EmptyResult>;
  'completion/complete': Call<
    CompleteRequestPrompt | CompleteRequestResourceTemplate,
    CompleteRequestParams,
    CompleteResult
  >;
  'logging/setLevel': Call<SetLevelRequest, SetLevelRequestParams, EmptyResult>;
  'elicitation/create': Call<ElicitRequest, ElicitRequestParams, ElicitResult>;
  'sampling/createMessage': Call<CreateMessageRequest, CreateMessageRequestParams, CreateMessageResult>;
  'roots/list': Call<ListRootsRequest, undefined, ListRootsResult>;
  'subscriptions/listen': Call<SubscriptionsListenRequest, SubscriptionsListenRequestParams, SubscriptionsListenResult>;
}

/** Every notification it has a column for, with its params. */
interface Notices {
  'notifications/initialized': [InitializedNotification, NotificationParams | undefined];
  'notifications/cancelled': [CancelledNotification, CancelledNotificationParams];
  'notifications/progress': [ProgressNotification, ProgressNotificationParams & Progress];
  'notifications/message': [LoggingMessageNotification, LoggingMessageNotificationParams];
  'notifications/tools/list_changed': [ToolListChangedNotification, NotificationParams | undefined];
  'notifications/prompts/list_changed': [PromptListChangedNotification, NotificationParams | undefined];
  'notifications/resources/list_changed': [ResourceListChangedNotification, NotificationParams | undefined];
  'notifications/resources/updated': [ResourceUpdatedNotification, ResourceUpdatedNotificationParams];
  'notifications/roots/list_changed': [RootsListChangedNotification, NotificationParams | undefined];
  'notifications/elicitation/complete': [ElicitationCompleteNotification, ElicitationCompleteNotificationParams];
  'notifications/subscriptions/acknowledged': [
    SubscriptionsAcknowledgedNotification,
    SubscriptionsAcknowledgedNotificationParams,
  ];
}

/** Whatever passes, sorted by where it came from. */
type FromClient = ClientRequest | ClientNotification | ClientResult;
type FromServer = ServerRequest | ServerNotification | ServerResult;
type Response = JSONRPCResponse | JSONRPCResultResponse | JSONRPCErrorResponse;
type Failure = ParseError | InvalidRequestError | MethodNotFoundError | InvalidParamsError | InternalError;
type FailureData = MissingRequiredClientCapabilityErrorData | UnsupportedProtocolVersionErrorData;

/** The parts of a message that are stored by themselves. */
interface Parts {
  contents: (ResourceContents | TextResourceContents | BlobResourceContents)[];
  prompts: (Prompt | PromptArgument | PromptMessage | PromptReference)[];
  resources: (Resource | ResourceTemplateType | ResourceTemplateReference)[];
  sampling: (SamplingMessage | SamplingContent | SamplingMessageContentBlock | ToolUseContent | ToolResultContent)[];
  preferences: (ModelPreferences | ModelHint | ToolChoice)[];
  metas: (MetaObject | RequestMeta | RequestMetaObject | RequestMetaEnvelope | ResultMetaObject)[];
  listens: (SubscriptionFilter | SubscriptionsListenResultMeta)[];
  pages: (PaginatedRequest | PaginatedResult | Cursor)[];
  names: (BaseMetadata | Icons)[];
  rounds: (InputRequest | InputRequests | InputResponse | InputResponses | InputRequiredSpec)[];
  cache: (CacheHint | CacheScope)[];
  guards: (HostHeaderValidationResult | OriginValidationResult | ScopeChallenge)[];
  models: (CreateMessageRequestParamsBase | CreateMessageRequestParamsWithTools | CreateMessageResultWithTools)[];
}

/** The fields a form may have. */
type Field =
  | PrimitiveSchemaDefinition
  | BooleanSchema
  | StringSchema
  | NumberSchema
  | EnumSchema
  | SingleSelectEnumSchema
  | MultiSelectEnumSchema
  | TitledSingleSelectEnumSchema
  | UntitledSingleSelectEnumSchema
  | TitledMultiSelectEnumSchema
  | UntitledMultiSelectEnumSchema
  | LegacyTitledEnumSchema;

/** What this server is wired from, where a guide would leave it to inference. */
interface Wiring {
  legacy: [LegacyHttpHandler, LegacyStatelessFallbackOptions, IsLegacyRequestOptions, McpHandlerRequestOptions];
  schemas: [RequestHandlerSchemas, RequestStateCodecOptions, RequestStateAccessor, JsonSchemaValidatorResult<unknown>];
  maps: [RequestTypeMap['tools/call'], ResultTypeMap['tools/list'], HandlerResultTypeMap['prompts/get']];
  notices: [NotificationTypeMap['notifications/progress'], NotificationOptions, ProgressCallback, MessageExtraInfo];
  execution: ToolExecution;
}

interface Line {
  readonly id: RequestId;
  readonly method: RequestMethod | NotificationMethod | string;
  readonly era: ProtocolEra;
  readonly role: Role;
  readonly token: ProgressToken | null;
  readonly trace: JSONArray;
}

const lines: Line[] = [];
const columns: (keyof Columns | keyof Notices)[] = ['tools/call', 'notifications/progress', 'server/discover'];
const fields: Record<string, Field> = {
  approve: { type: 'boolean', title: 'Approve', default: false },
  amount: { type: 'integer', minimum: 1, maximum: 9 },
  reason: { type: 'string', maxLength: 30, format: 'email' },
  plain: { type: 'string', enum: ['a', 'b'] },
  titled: { type: 'string', oneOf: [{ const: 'a', title: 'A' }] },
  many: { type: 'array', items: { type: 'string', enum: ['x', 'y'] }, maxItems: 2 },
  named: { type: 'array', items: { anyOf: [{ const: 'x', title: 'X' }] } },
};

function kind(message: JSONRPCMessage | FromClient | FromServer | Response): string {
  const { method, id } = message as Partial<JSONRPCRequest & JSONRPCNotification>;
  return method === undefined ? 'response' : id === undefined ? 'notification' : 'request';
}

function summary(failure: Failure, data?: FailureData): JSONObject {
  return { code: failure.code, message: failure.message, ...(data && { data: Object.keys(data) as JSONValue }) };
}

const shops: CompleteCallback = async value => ['north', 'south'].filter(shop => shop.startsWith(String(value)));
const Shop: CompletableSchema<z.ZodString> = completable(z.string(), shops as CompleteCallback<z.ZodString>);
const byId: CompleteResourceTemplateCallback = value => [`${value}1`];
const OrderInput = z.object({ shop: Shop, amount: z.number() });

const order: AnyToolHandler<typeof OrderInput> = async ({ shop, amount }, ctx) => {
  const meta: RequestMeta = ctx.mcpReq._meta ?? {};
  const trace = [TRACEPARENT_META_KEY, TRACESTATE_META_KEY, BAGGAGE_META_KEY].map(key => (meta[key] as string) ?? null);
  const era: ProtocolEra = ctx.mcpReq.envelope === undefined ? 'legacy' : 'modern';
  lines.push({
    id: ctx.mcpReq.id,
    method: ctx.mcpReq.method,
    era,
    role: 'user',
    token: meta.progressToken ?? null,
    trace,
  });
  return { content: [{ type: 'text', text: `${amount} from ${shop}` }] };
};

const approve: BaseToolCallback<CallToolResult | InputRequiredResult, never, undefined> & AnyToolHandler = ctx => {
  const responses = (ctx.mcpReq.inputResponses ?? {}) as InputResponses;
  const given: InputResponse | undefined = responses['approval'];
  if (given !== undefined) return { content: [{ type: 'text', text: JSON.stringify(given) }] };
  const properties = fields as ElicitRequestFormParams['requestedSchema']['properties'];
  const form: ElicitInputParams = { message: 'Approve?', requestedSchema: { type: 'object', properties } };
  const link: Omit<ElicitRequestURLParams, 'mode' | 'elicitationId'> = {
    message: 'Or here',
    url: 'https://ledger.example',
  };
  const asked: InputRequest = inputRequired.elicit(form);
  const inputRequests: InputRequests = { approval: asked, link: inputRequired.elicitUrl(link) };
  const spec: InputRequiredSpec = { inputRequests };
  return inputRequired(spec);
};

function build(): McpServer {
  const server = new McpServer({ name: 'ledger', version: '1.0.0' }, { capabilities: { completions: {} } });
  const schema: StandardSchemaWithJSON = OrderInput;
  server.registerTool('order', { inputSchema: OrderInput }, order);
  server.registerTool('approve', {}, approve);
  server.registerTool('lines', {}, () => {
    const stored: Partial<Parts> & Partial<Wiring> = { pages: [], execution: {} };
    const facts = { lines, columns, stored: Object.keys(stored), vendor: schema['~standard'].vendor };
    return { content: [{ type: 'text', text: JSON.stringify(facts) }] };
  });
  server.registerTool('kinds', {}, () => {
    const request: JSONRPCMessage = { jsonrpc: '2.0', id: 1, method: 'ping' };
    const response: Response = { jsonrpc: '2.0', id: 1, result: {} satisfies Result };
    const failure: Failure = { code: -32602, message: 'no' };
    const kinds = [kind(request), kind(response), summary(failure, { supported: [], requested: 'x' })];
    return { content: [{ type: 'text', text: JSON.stringify(kinds) }] };
  });
  server.server.setRequestHandler('completion/complete', (request: CompleteRequest): CompleteResult => {
    const values = [byId(request.params.argument.value)].flat() as string[];
    return { completion: { values } };
  });
  const extra: Tool = { name: 'extra', inputSchema: { type: 'object' } };
  server.registerTool(extra.name, {}, () => ({ content: [] }));
  return server;
}

export const handler = createMcpHandler(build);
