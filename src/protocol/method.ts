/** The methods of MCP and, for each, what is asked, answered and notified; unions of what each side sends. */
import type { CompleteRequest, CompleteResult } from './completion.ts';
import type { DiscoverRequest, DiscoverResult } from './discover.ts';
import type { ElicitRequest, ElicitResult } from './elicitation.ts';
import type { InitializeRequest, InitializeResult, PingRequest } from './initialize.ts';
import type { InputRequiredResult } from './input-required.ts';
import type { SetLevelRequest } from './logging.ts';
import type { ClientNotification, ServerNotification } from './notification.ts';
import type { GetPromptRequest, GetPromptResult, ListPromptsRequest, ListPromptsResult } from './prompt.ts';
import type {
  ListResourcesRequest,
  ListResourcesResult,
  ListResourceTemplatesRequest,
  ListResourceTemplatesResult,
  ReadResourceRequest,
  ReadResourceResult,
  SubscribeRequest,
  UnsubscribeRequest,
} from './resource.ts';
import type { EmptyResult } from './result.ts';
import type { ListRootsRequest, ListRootsResult } from './roots.ts';
import type { CreateMessageRequest, CreateMessageResult, CreateMessageResultWithTools } from './sampling.ts';
import type { SubscriptionsListenRequest, SubscriptionsListenResult } from './subscription.ts';
import type { CallToolRequest, CallToolResult, ListToolsRequest, ListToolsResult } from './tool.ts';

/** Everything that a client may ask, in either era. */
export type ClientRequest =
  | PingRequest
  | InitializeRequest
  | DiscoverRequest
  | CompleteRequest
  | SetLevelRequest
  | GetPromptRequest
  | ListPromptsRequest
  | ListResourcesRequest
  | ListResourceTemplatesRequest
  | ReadResourceRequest
  | SubscribeRequest
  | UnsubscribeRequest
  | SubscriptionsListenRequest
  | CallToolRequest
  | ListToolsRequest;

/** Everything that a server may ask; in the modern era only inside an input-required result. */
export type ServerRequest = PingRequest | CreateMessageRequest | ElicitRequest | ListRootsRequest;

/** The answers of a server. */
export type ServerResult =
  | EmptyResult
  | InitializeResult
  | DiscoverResult
  | CompleteResult
  | GetPromptResult
  | ListPromptsResult
  | ListResourcesResult
  | ListResourceTemplatesResult
  | ReadResourceResult
  | CallToolResult
  | ListToolsResult
  | SubscriptionsListenResult;

/** The answers of a client. */
export type ClientResult =
  | EmptyResult
  | CreateMessageResult
  | CreateMessageResultWithTools
  | ElicitResult
  | ListRootsResult;

type ByMethod<Message extends { method: string }> = { [M in Message as M['method']]: M };

/** Requests by method. */
export type RequestTypeMap = ByMethod<ClientRequest | ServerRequest>;
export type RequestMethod = keyof RequestTypeMap;

/** Notifications by method. */
export type NotificationTypeMap = ByMethod<ClientNotification | ServerNotification>;
export type NotificationMethod = keyof NotificationTypeMap;

/** Results by method, as the one who asked sees them. */
export type ResultTypeMap = {
  ping: EmptyResult;
  initialize: InitializeResult;
  'server/discover': DiscoverResult;
  'completion/complete': CompleteResult;
  'logging/setLevel': EmptyResult;
  'prompts/get': GetPromptResult;
  'prompts/list': ListPromptsResult;
  'resources/list': ListResourcesResult;
  'resources/templates/list': ListResourceTemplatesResult;
  'resources/read': ReadResourceResult;
  'resources/subscribe': EmptyResult;
  'resources/unsubscribe': EmptyResult;
  'subscriptions/listen': SubscriptionsListenResult;
  'tools/call': CallToolResult;
  'tools/list': ListToolsResult;
  'sampling/createMessage': CreateMessageResult | CreateMessageResultWithTools;
  'elicitation/create': ElicitResult;
  'roots/list': ListRootsResult;
};

/** Methods whose handler may answer with a question (basic/patterns/mrtr). */
export type InputRequiredMethod = 'tools/call' | 'prompts/get' | 'resources/read';

/** Results by method, as a handler may return them. */
export type HandlerResultTypeMap = {
  [M in keyof ResultTypeMap]: M extends InputRequiredMethod ? ResultTypeMap[M] | InputRequiredResult : ResultTypeMap[M];
};
