/** The public face: what `import ... from 'slipway'` offers. Re-exports only. */
export { secret } from './host/configuration/secret.ts';
export { type ConfigExport, defineConfig, type SlipwayConfig } from './host/configuration/slipway-config.ts';
export {
  type IsLegacyRequestOptions,
  isLegacyRequest,
  type LegacyHttpHandler,
  type LegacyStatelessFallbackOptions,
  legacyStatelessFallback,
  type McpHandlerRequestOptions,
} from './host/legacy-request.ts';
export { type CreateMcpHandlerOptions, createMcpHandler, type McpHttpHandler } from './host/mcp-handler.ts';
export {
  type FetchLikeMcpHandler,
  type NodeMcpRequestHandler,
  type NodeServerResponseLike,
  type ToNodeHandlerOptions,
  toNodeHandler,
} from './host/node-adapter.ts';
export {
  DEFAULT_HOST,
  DEFAULT_PORT,
  type RunningServer,
  type ServeOptions,
  serve,
} from './host/serve.ts';
export { type ServeStdioOptions, type StdioServerHandle, serveStdio } from './host/serve-stdio.ts';
export type { AuditRecord } from './host/sight/audit-trail.ts';
export type { AuthInfo } from './protocol/auth-info.ts';
export {
  assertValidCacheHint,
  CACHEABLE_RESULT_METHODS,
  type CacheableResultMethod,
  type CacheHint,
  type CacheScope,
  isCacheableResultMethod,
  isCacheScope,
  isCacheTtlMs,
} from './protocol/cache-hint.ts';
export type {
  ClientCapabilities,
  ClientTasksCapability,
  ServerCapabilities,
  ServerTasksCapability,
} from './protocol/capability.ts';
export { ERRORS, type ErrorDetails, SlipwayError, type SlipwayErrorCode } from './protocol/coded-error.ts';
export {
  assertCompleteRequestPrompt,
  assertCompleteRequestResourceTemplate,
  type CompleteRequest,
  type CompleteRequestParams,
  type CompleteRequestPrompt,
  type CompleteRequestResourceTemplate,
  type CompleteResult,
  MAX_COMPLETION_VALUES,
  type PromptReference,
  type ResourceTemplateReference,
} from './protocol/completion.ts';
export type {
  Annotations,
  AudioContent,
  BlobResourceContents,
  ContentBlock,
  EmbeddedResource,
  ImageContent,
  ResourceContents,
  ResourceLink,
  Role,
  TextContent,
  TextResourceContents,
  ToolResultContent,
  ToolUseContent,
} from './protocol/content.ts';
export type { DiscoverRequest, DiscoverResult } from './protocol/discover.ts';
export { getDisplayName } from './protocol/display-name.ts';
export type {
  BooleanSchema,
  ElicitationCompleteNotification,
  ElicitationCompleteNotificationParams,
  ElicitRequest,
  ElicitRequestFormParams,
  ElicitRequestParams,
  ElicitRequestURLParams,
  ElicitResult,
  EnumSchema,
  LegacyTitledEnumSchema,
  MultiSelectEnumSchema,
  NumberSchema,
  PrimitiveSchemaDefinition,
  SingleSelectEnumSchema,
  StringSchema,
  TitledMultiSelectEnumSchema,
  TitledSingleSelectEnumSchema,
  UntitledMultiSelectEnumSchema,
  UntitledSingleSelectEnumSchema,
} from './protocol/elicitation.ts';
export type { BaseMetadata, Icon, Icons, Implementation } from './protocol/implementation.ts';
export {
  type InitializedNotification,
  type InitializeRequest,
  type InitializeRequestParams,
  type InitializeResult,
  isInitializedNotification,
  isInitializeRequest,
  type PingRequest,
} from './protocol/initialize.ts';
export {
  type InputRequest,
  type InputRequests,
  type InputRequiredResult,
  type InputResponse,
  type InputResponseRequestParams,
  type InputResponses,
  isInputRequiredResult,
} from './protocol/input-required.ts';
export type { JSONArray, JSONObject, JSONValue } from './protocol/json.ts';
export {
  INTERNAL_ERROR,
  INVALID_PARAMS,
  INVALID_REQUEST,
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  isJSONRPCResultResponse,
  JSONRPC_VERSION,
  type JSONRPCErrorObject,
  type JSONRPCErrorResponse,
  type JSONRPCMessage,
  type JSONRPCNotification,
  type JSONRPCRequest,
  type JSONRPCResponse,
  type JSONRPCResultResponse,
  METHOD_NOT_FOUND,
  type Notification,
  type NotificationParams,
  PARSE_ERROR,
  type Request,
  type RequestId,
  type RequestParams,
} from './protocol/json-rpc.ts';
export {
  isLoggingLevel,
  LOGGING_LEVELS,
  type LoggingLevel,
  type LoggingMessageNotification,
  type LoggingMessageNotificationParams,
  type SetLevelRequest,
  type SetLevelRequestParams,
  severityOf,
} from './protocol/logging.ts';
export { mergeCapabilities } from './protocol/merge-capabilities.ts';
export type {
  ClientRequest,
  ClientResult,
  HandlerResultTypeMap,
  InputRequiredMethod,
  NotificationMethod,
  NotificationTypeMap,
  RequestMethod,
  RequestTypeMap,
  ResultTypeMap,
  ServerRequest,
  ServerResult,
} from './protocol/method.ts';
export type {
  CancelledNotification,
  CancelledNotificationParams,
  ClientNotification,
  PromptListChangedNotification,
  ResourceListChangedNotification,
  ResourceUpdatedNotification,
  ResourceUpdatedNotificationParams,
  RootsListChangedNotification,
  ServerNotification,
  ToolListChangedNotification,
} from './protocol/notification.ts';
export type {
  Progress,
  ProgressCallback,
  ProgressNotification,
  ProgressNotificationParams,
} from './protocol/progress.ts';
export type {
  GetPromptRequest,
  GetPromptRequestParams,
  GetPromptResult,
  ListPromptsRequest,
  ListPromptsResult,
  Prompt,
  PromptArgument,
  PromptMessage,
} from './protocol/prompt.ts';
export {
  type InternalError,
  type InvalidParamsError,
  type InvalidRequestError,
  type MethodNotFoundError,
  MissingRequiredClientCapabilityError,
  type MissingRequiredClientCapabilityErrorData,
  type ParseError,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  UnsupportedProtocolVersionError,
  type UnsupportedProtocolVersionErrorData,
  UrlElicitationRequiredError,
} from './protocol/protocol-error.ts';
export {
  BAGGAGE_META_KEY,
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  LOG_LEVEL_META_KEY,
  type MetaObject,
  PROTOCOL_VERSION_META_KEY,
  type ProgressToken,
  RELATED_TASK_META_KEY,
  type RequestMeta,
  type RequestMetaEnvelope,
  type RequestMetaObject,
  type ResultMetaObject,
  SERVER_INFO_META_KEY,
  SUBSCRIPTION_ID_META_KEY,
  TRACEPARENT_META_KEY,
  TRACESTATE_META_KEY,
} from './protocol/request-meta.ts';
export { DEFAULT_REQUEST_TIMEOUT_MSEC } from './protocol/request-timeout.ts';
export type {
  ListResourcesRequest,
  ListResourcesResult,
  ListResourceTemplatesRequest,
  ListResourceTemplatesResult,
  ReadResourceRequest,
  ReadResourceRequestParams,
  ReadResourceResult,
  Resource,
  ResourceRequestParams,
  ResourceTemplateType,
  SubscribeRequest,
  SubscribeRequestParams,
  UnsubscribeRequest,
  UnsubscribeRequestParams,
} from './protocol/resource.ts';
export type {
  Cursor,
  EmptyResult,
  PaginatedRequest,
  PaginatedRequestParams,
  PaginatedResult,
  Result,
  ResultType,
} from './protocol/result.ts';
export {
  DEFAULT_NEGOTIATED_PROTOCOL_VERSION,
  eraOf,
  isModernRevision,
  LATEST_PROTOCOL_VERSION,
  LEGACY_REVISIONS,
  type LegacyRevision,
  MODERN_REVISIONS,
  type ModernRevision,
  type ProtocolEra,
  SUPPORTED_PROTOCOL_VERSIONS,
} from './protocol/revision.ts';
export type { ListRootsRequest, ListRootsResult, Root } from './protocol/roots.ts';
export type {
  CreateMessageRequest,
  CreateMessageRequestParams,
  CreateMessageRequestParamsBase,
  CreateMessageRequestParamsWithTools,
  CreateMessageResult,
  CreateMessageResultWithTools,
  ModelHint,
  ModelPreferences,
  SamplingContent,
  SamplingMessage,
  SamplingMessageContentBlock,
  ToolChoice,
} from './protocol/sampling.ts';
export { SdkError, SdkErrorCode, SdkHttpError, type SdkHttpErrorData } from './protocol/sdk-error.ts';
export type {
  SubscriptionFilter,
  SubscriptionsAcknowledgedNotification,
  SubscriptionsAcknowledgedNotificationParams,
  SubscriptionsListenRequest,
  SubscriptionsListenRequestParams,
  SubscriptionsListenResult,
  SubscriptionsListenResultMeta,
} from './protocol/subscription.ts';
export type {
  RelatedTaskMetadata,
  Task,
  TaskAugmentedRequestParams,
  TaskMetadata,
  TaskStatus,
} from './protocol/task.ts';
export {
  type CallToolRequest,
  type CallToolRequestParams,
  type CallToolResult,
  isCallToolResult,
  type ListToolsRequest,
  type ListToolsResult,
  type Tool,
  type ToolAnnotations,
  type ToolExecution,
} from './protocol/tool.ts';
export { UriTemplate, type Variables } from './protocol/uri-template.ts';
export { type CompletableSchema, type CompleteCallback, completable, isCompletable } from './schema/completable.ts';
export { fromJsonSchema } from './schema/from-json-schema.ts';
export type { JsonSchemaType } from './schema/json-schema.ts';
export type {
  JsonSchemaValidator,
  JsonSchemaValidatorResult,
  jsonSchemaValidator,
} from './schema/json-schema-validator.ts';
export type { RawShape, RawShapeOutput } from './schema/raw-shape.ts';
export {
  isStandardSchema,
  type StandardJSONSchemaV1,
  type StandardSchemaV1,
  type StandardSchemaWithJSON,
  type StandardTypedV1,
} from './schema/standard-schema.ts';
export type {
  AudienceContext,
  Elicit,
  FormResult,
  McpRequest,
  Sample,
  SendRequest,
  ServerContext,
} from './server/context.ts';
export type { RequestHandlerSchemas, SetNotificationHandler, SetRequestHandler } from './server/handler.ts';
export { InMemoryTransport } from './server/in-memory-transport.ts';
export {
  acceptedContent,
  type ElicitInputParams,
  type InputRequiredSpec,
  type InputResponseView,
  inputRequired,
  inputResponse,
} from './server/input-required.ts';
export type { ElicitParams } from './server/linear-handler.ts';
export { type Logger, silentLogger, stderrLogger } from './server/logger.ts';
export { McpServer } from './server/mcp-server.ts';
export {
  deserializeMessage,
  parseJSONRPCMessage,
  ReadBuffer,
  STDIO_DEFAULT_MAX_BUFFER_SIZE,
  serializeMessage,
} from './server/message-framing.ts';
export type { Middleware } from './server/middleware.ts';
export type { NotificationOptions } from './server/notification-options.ts';
export type { McpServerOptions, ServerOptions } from './server/options.ts';
export type { HttpFacts, Peer, RequestOptions } from './server/peer.ts';
export { preloadSchemas } from './server/preload-schemas.ts';
export {
  type PromptCallback,
  type PromptConfig,
  type PromptOutput,
  type PromptUpdates,
  type RawShapePromptCallback,
  RegisteredPrompt,
} from './server/prompt-registration.ts';
export type { Audience, ComponentConfig } from './server/registration.ts';
export type { RequestStateAccessor } from './server/request-state-accessor.ts';
export {
  createRequestStateCodec,
  type RequestStateCodec,
  type RequestStateCodecOptions,
} from './server/request-state-codec.ts';
export {
  type ReadResourceCallback,
  type ReadResourceTemplateCallback,
  RegisteredResource,
  RegisteredResourceTemplate,
  type ResourceConfig,
  type ResourceMetadata,
  type ResourceOutput,
  type ResourceTemplateUpdates,
  type ResourceUpdates,
} from './server/resource-registration.ts';
export {
  type CompleteResourceTemplateCallback,
  type ListResourcesCallback,
  ResourceTemplate,
} from './server/resource-template.ts';
export { requireScopes, type ScopeChallenge, type ScopeChallengeHandler } from './server/scope-challenge.ts';
export { Server } from './server/server.ts';
export { isSuspension, type Suspension } from './server/suspension.ts';
export { ToolError } from './server/tool-error.ts';
export {
  type AnyHandler,
  type AnyToolHandler,
  type BaseToolCallback,
  type RawShapeToolCallback,
  RegisteredTool,
  type ToolCallback,
  type ToolConfig,
  type ToolOutput,
  type ToolUpdates,
} from './server/tool-registration.ts';
export type { MessageClassification, MessageExtraInfo, Transport, TransportSendOptions } from './server/transport.ts';
export { createServerNotifier, type ServerEvent, type ServerEventBus, type ServerNotifier } from './state/event-bus.ts';
export { InMemoryServerEventBus } from './state/memory/event-bus.ts';
export type { EndpointOptions, ResponseMode } from './transport/http/endpoint-options.ts';
export type { FetchHandler, FetchOptions } from './transport/http/fetch-handler.ts';
export {
  type HostHeaderValidationResult,
  hostHeaderValidation,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostHostValidation,
  validateHostHeader,
} from './transport/http/host-header-validation.ts';
export { DEFAULT_LIMITS, type HttpLimits } from './transport/http/limits.ts';
export { isJsonContentType } from './transport/http/media-type.ts';
export type { NodeHandler } from './transport/http/node-handler.ts';
export {
  localhostAllowedOrigins,
  localhostOriginValidation,
  type OriginValidationResult,
  originValidation,
  originValidationResponse,
  validateOriginHeader,
} from './transport/http/origin-validation.ts';
export {
  DEFAULT_MAX_REQUEST_BODY_SIZE,
  type RequestBody,
  RequestBodyTooLargeError,
  readRequestBody,
} from './transport/http/request-body.ts';
export type { McpRequestContext, McpServerFactory } from './transport/http/served.ts';
export { type NodeIncomingMessageLike, type ToWebRequestOptions, toWebRequest } from './transport/http/web-request.ts';
export { DEFAULT_STDIO_LIMITS, type StdioLimits } from './transport/stdio/limits.ts';
export { StdioServerTransport, type StdioServerTransportOptions } from './transport/stdio/stdio-server-transport.ts';
