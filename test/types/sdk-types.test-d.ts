/**
 * Type-only: `tsc` is the test. What the official SDK accepts from a server's author Slipway accepts, and what Slipway
 * produces is what the SDK's types say.
 */
import type * as sdk from '@modelcontextprotocol/server';
import type * as authInfo from '../../src/protocol/auth-info.ts';
import type * as cacheHint from '../../src/protocol/cache-hint.ts';
import type * as capability from '../../src/protocol/capability.ts';
import type * as completion from '../../src/protocol/completion.ts';
import type * as content from '../../src/protocol/content.ts';
import type * as discover from '../../src/protocol/discover.ts';
import type * as elicitation from '../../src/protocol/elicitation.ts';
import type * as implementation from '../../src/protocol/implementation.ts';
import type * as initialize from '../../src/protocol/initialize.ts';
import type * as inputRequired from '../../src/protocol/input-required.ts';
import type * as json from '../../src/protocol/json.ts';
import type * as jsonRpc from '../../src/protocol/json-rpc.ts';
import type * as logging from '../../src/protocol/logging.ts';
import type * as method from '../../src/protocol/method.ts';
import type * as notification from '../../src/protocol/notification.ts';
import type * as progress from '../../src/protocol/progress.ts';
import type * as prompt from '../../src/protocol/prompt.ts';
import type * as protocolError from '../../src/protocol/protocol-error.ts';
import type * as requestMeta from '../../src/protocol/request-meta.ts';
import type * as resource from '../../src/protocol/resource.ts';
import type * as result from '../../src/protocol/result.ts';
import type * as revision from '../../src/protocol/revision.ts';
import type * as roots from '../../src/protocol/roots.ts';
import type * as sampling from '../../src/protocol/sampling.ts';
import type * as subscription from '../../src/protocol/subscription.ts';
import type * as task from '../../src/protocol/task.ts';
import type * as tool from '../../src/protocol/tool.ts';
import type * as uriTemplate from '../../src/protocol/uri-template.ts';

type IsAny<T> = 0 extends 1 & T ? true : false;
type Assigns<From, To> = IsAny<From> extends true ? false : [From] extends [To] ? true : false;
/** Both ways, and neither is `any`. */
type Mutual<A, B> = Assigns<A, B> extends true ? Assigns<B, A> : false;

type Assert<T extends true> = T;
type AssertNot<T extends false> = T;

/** The helpers must be able to fail. */
export type Helpers = [
  AssertNot<Mutual<{ a: string }, { a: number }>>,
  AssertNot<Mutual<{ a: string; b: string }, { a: string }>>,
  AssertNot<Assigns<unknown, string>>,
  Assert<Mutual<{ a?: string }, { a?: string }>>,
];

export type Json = [
  Assert<Mutual<json.JSONValue, sdk.JSONValue>>,
  Assert<Mutual<json.JSONObject, sdk.JSONObject>>,
  Assert<Mutual<json.JSONArray, sdk.JSONArray>>,
];

export type JsonRpc = [
  Assert<Mutual<jsonRpc.RequestId, sdk.RequestId>>,
  Assert<Mutual<jsonRpc.RequestParams, sdk.RequestParams>>,
  Assert<Mutual<jsonRpc.NotificationParams, sdk.NotificationParams>>,
  Assert<Mutual<jsonRpc.Request, sdk.Request>>,
  Assert<Mutual<jsonRpc.Notification, sdk.Notification>>,
  Assert<Mutual<jsonRpc.JSONRPCRequest, sdk.JSONRPCRequest>>,
  Assert<Mutual<jsonRpc.JSONRPCNotification, sdk.JSONRPCNotification>>,
  Assert<Mutual<jsonRpc.JSONRPCResultResponse, sdk.JSONRPCResultResponse>>,
  Assert<Mutual<jsonRpc.JSONRPCErrorResponse, sdk.JSONRPCErrorResponse>>,
  Assert<Mutual<jsonRpc.JSONRPCResponse, sdk.JSONRPCResponse>>,
  Assert<Mutual<jsonRpc.JSONRPCMessage, sdk.JSONRPCMessage>>,
];

export type RequestMeta = [
  Assert<Mutual<requestMeta.ProgressToken, sdk.ProgressToken>>,
  Assert<Mutual<requestMeta.MetaObject, sdk.MetaObject>>,
  Assert<Mutual<requestMeta.RequestMeta, sdk.RequestMeta>>,
  Assert<Mutual<requestMeta.RequestMetaObject, sdk.RequestMetaObject>>,
  // The published SDK type is `{}`: its declaration lost the computed keys.
  Assert<Assigns<requestMeta.RequestMetaEnvelope, sdk.RequestMetaEnvelope>>,
  Assert<Mutual<requestMeta.ResultMetaObject, sdk.ResultMetaObject>>,
];

export type Result = [
  Assert<Mutual<result.Result, sdk.Result>>,
  Assert<Mutual<result.EmptyResult, sdk.EmptyResult>>,
  Assert<Mutual<result.Cursor, sdk.Cursor>>,
  Assert<Mutual<result.PaginatedRequestParams, sdk.PaginatedRequestParams>>,
  Assert<Mutual<result.PaginatedRequest, sdk.PaginatedRequest>>,
  Assert<Mutual<result.PaginatedResult, sdk.PaginatedResult>>,
];

export type Implementation = [
  Assert<Mutual<implementation.Icon, sdk.Icon>>,
  Assert<Mutual<implementation.Icons, sdk.Icons>>,
  Assert<Mutual<implementation.BaseMetadata, sdk.BaseMetadata>>,
  Assert<Mutual<implementation.Implementation, sdk.Implementation>>,
];

export type Content = [
  Assert<Mutual<content.Role, sdk.Role>>,
  Assert<Mutual<content.Annotations, sdk.Annotations>>,
  Assert<Mutual<content.TextContent, sdk.TextContent>>,
  Assert<Mutual<content.ImageContent, sdk.ImageContent>>,
  Assert<Mutual<content.AudioContent, sdk.AudioContent>>,
  Assert<Mutual<content.ResourceContents, sdk.ResourceContents>>,
  Assert<Mutual<content.TextResourceContents, sdk.TextResourceContents>>,
  Assert<Mutual<content.BlobResourceContents, sdk.BlobResourceContents>>,
  Assert<Mutual<content.EmbeddedResource, sdk.EmbeddedResource>>,
  Assert<Mutual<content.ResourceLink, sdk.ResourceLink>>,
  Assert<Mutual<content.ContentBlock, sdk.ContentBlock>>,
  Assert<Mutual<content.ToolUseContent, sdk.ToolUseContent>>,
  Assert<Mutual<content.ToolResultContent, sdk.ToolResultContent>>,
];

export type Tool = [
  Assert<Mutual<tool.ToolAnnotations, sdk.ToolAnnotations>>,
  Assert<Mutual<tool.ToolExecution, sdk.ToolExecution>>,
  Assert<Mutual<tool.Tool, sdk.Tool>>,
  Assert<Mutual<tool.ListToolsRequest, sdk.ListToolsRequest>>,
  Assert<Mutual<tool.ListToolsResult, sdk.ListToolsResult>>,
  Assert<Mutual<tool.CallToolRequestParams, sdk.CallToolRequestParams>>,
  Assert<Mutual<tool.CallToolRequest, sdk.CallToolRequest>>,
  Assert<Mutual<tool.CallToolResult, sdk.CallToolResult>>,
];

export type Resource = [
  Assert<Mutual<resource.Resource, sdk.Resource>>,
  Assert<Mutual<resource.ResourceTemplateType, sdk.ResourceTemplateType>>,
  Assert<Mutual<resource.ListResourcesRequest, sdk.ListResourcesRequest>>,
  Assert<Mutual<resource.ListResourcesResult, sdk.ListResourcesResult>>,
  Assert<Mutual<resource.ListResourceTemplatesRequest, sdk.ListResourceTemplatesRequest>>,
  Assert<Mutual<resource.ListResourceTemplatesResult, sdk.ListResourceTemplatesResult>>,
  Assert<Mutual<resource.ResourceRequestParams, sdk.ResourceRequestParams>>,
  Assert<Mutual<resource.ReadResourceRequestParams, sdk.ReadResourceRequestParams>>,
  Assert<Mutual<resource.ReadResourceRequest, sdk.ReadResourceRequest>>,
  Assert<Mutual<resource.ReadResourceResult, sdk.ReadResourceResult>>,
  Assert<Mutual<resource.SubscribeRequestParams, sdk.SubscribeRequestParams>>,
  Assert<Mutual<resource.SubscribeRequest, sdk.SubscribeRequest>>,
  Assert<Mutual<resource.UnsubscribeRequestParams, sdk.UnsubscribeRequestParams>>,
  Assert<Mutual<resource.UnsubscribeRequest, sdk.UnsubscribeRequest>>,
];

export type Prompt = [
  Assert<Mutual<prompt.PromptArgument, sdk.PromptArgument>>,
  Assert<Mutual<prompt.Prompt, sdk.Prompt>>,
  Assert<Mutual<prompt.PromptMessage, sdk.PromptMessage>>,
  Assert<Mutual<prompt.ListPromptsRequest, sdk.ListPromptsRequest>>,
  Assert<Mutual<prompt.ListPromptsResult, sdk.ListPromptsResult>>,
  Assert<Mutual<prompt.GetPromptRequestParams, sdk.GetPromptRequestParams>>,
  Assert<Mutual<prompt.GetPromptRequest, sdk.GetPromptRequest>>,
  Assert<Mutual<prompt.GetPromptResult, sdk.GetPromptResult>>,
];

export type Completion = [
  Assert<Mutual<completion.PromptReference, sdk.PromptReference>>,
  Assert<Mutual<completion.ResourceTemplateReference, sdk.ResourceTemplateReference>>,
  Assert<Mutual<completion.CompleteRequestParams, sdk.CompleteRequestParams>>,
  Assert<Mutual<completion.CompleteRequest, sdk.CompleteRequest>>,
  Assert<Mutual<completion.CompleteRequestPrompt, sdk.CompleteRequestPrompt>>,
  Assert<Mutual<completion.CompleteRequestResourceTemplate, sdk.CompleteRequestResourceTemplate>>,
  Assert<Mutual<completion.CompleteResult, sdk.CompleteResult>>,
];

export type Capability = [
  Assert<Mutual<capability.ClientCapabilities, sdk.ClientCapabilities>>,
  Assert<Mutual<capability.ServerCapabilities, sdk.ServerCapabilities>>,
];

export type CacheHint = [
  Assert<Mutual<cacheHint.CacheScope, sdk.CacheScope>>,
  Assert<Mutual<cacheHint.CacheHint, sdk.CacheHint>>,
];

export type Logging = [
  Assert<Mutual<logging.LoggingLevel, sdk.LoggingLevel>>,
  Assert<Mutual<logging.SetLevelRequestParams, sdk.SetLevelRequestParams>>,
  Assert<Mutual<logging.SetLevelRequest, sdk.SetLevelRequest>>,
  Assert<Mutual<logging.LoggingMessageNotificationParams, sdk.LoggingMessageNotificationParams>>,
  Assert<Mutual<logging.LoggingMessageNotification, sdk.LoggingMessageNotification>>,
];

export type Progress = [
  Assert<Mutual<progress.Progress, sdk.Progress>>,
  Assert<Mutual<progress.ProgressNotificationParams, sdk.ProgressNotificationParams>>,
  Assert<Mutual<progress.ProgressNotification, sdk.ProgressNotification>>,
];

export type Elicitation = [
  Assert<Mutual<elicitation.BooleanSchema, sdk.BooleanSchema>>,
  Assert<Mutual<elicitation.StringSchema, sdk.StringSchema>>,
  Assert<Mutual<elicitation.NumberSchema, sdk.NumberSchema>>,
  Assert<Mutual<elicitation.UntitledSingleSelectEnumSchema, sdk.UntitledSingleSelectEnumSchema>>,
  Assert<Mutual<elicitation.TitledSingleSelectEnumSchema, sdk.TitledSingleSelectEnumSchema>>,
  Assert<Mutual<elicitation.LegacyTitledEnumSchema, sdk.LegacyTitledEnumSchema>>,
  Assert<Mutual<elicitation.UntitledMultiSelectEnumSchema, sdk.UntitledMultiSelectEnumSchema>>,
  Assert<Mutual<elicitation.TitledMultiSelectEnumSchema, sdk.TitledMultiSelectEnumSchema>>,
  Assert<Mutual<elicitation.SingleSelectEnumSchema, sdk.SingleSelectEnumSchema>>,
  Assert<Mutual<elicitation.MultiSelectEnumSchema, sdk.MultiSelectEnumSchema>>,
  Assert<Mutual<elicitation.EnumSchema, sdk.EnumSchema>>,
  Assert<Mutual<elicitation.PrimitiveSchemaDefinition, sdk.PrimitiveSchemaDefinition>>,
  Assert<Mutual<elicitation.ElicitRequestFormParams, sdk.ElicitRequestFormParams>>,
  Assert<Assigns<sdk.ElicitRequestURLParams, elicitation.ElicitRequestURLParams>>,
  Assert<Assigns<sdk.ElicitRequestParams, elicitation.ElicitRequestParams>>,
  Assert<Assigns<sdk.ElicitRequest, elicitation.ElicitRequest>>,
  Assert<Mutual<elicitation.ElicitResult, sdk.ElicitResult>>,
  Assert<Mutual<elicitation.ElicitationCompleteNotificationParams, sdk.ElicitationCompleteNotificationParams>>,
  Assert<Mutual<elicitation.ElicitationCompleteNotification, sdk.ElicitationCompleteNotification>>,
];

export type Sampling = [
  Assert<Mutual<sampling.ModelHint, sdk.ModelHint>>,
  Assert<Mutual<sampling.ModelPreferences, sdk.ModelPreferences>>,
  Assert<Mutual<sampling.ToolChoice, sdk.ToolChoice>>,
  Assert<Mutual<sampling.SamplingContent, sdk.SamplingContent>>,
  Assert<Mutual<sampling.SamplingMessageContentBlock, sdk.SamplingMessageContentBlock>>,
  Assert<Mutual<sampling.SamplingMessage, sdk.SamplingMessage>>,
  Assert<Mutual<sampling.CreateMessageRequestParams, sdk.CreateMessageRequestParams>>,
  Assert<Mutual<sampling.CreateMessageRequestParamsBase, sdk.CreateMessageRequestParamsBase>>,
  Assert<Mutual<sampling.CreateMessageRequestParamsWithTools, sdk.CreateMessageRequestParamsWithTools>>,
  Assert<Mutual<sampling.CreateMessageRequest, sdk.CreateMessageRequest>>,
  Assert<Mutual<sampling.CreateMessageResult, sdk.CreateMessageResult>>,
  Assert<Mutual<sampling.CreateMessageResultWithTools, sdk.CreateMessageResultWithTools>>,
];

export type Roots = [
  Assert<Mutual<roots.Root, sdk.Root>>,
  Assert<Mutual<roots.ListRootsRequest, sdk.ListRootsRequest>>,
  Assert<Mutual<roots.ListRootsResult, sdk.ListRootsResult>>,
];

export type InputRequired = [
  Assert<Assigns<sdk.InputRequest, inputRequired.InputRequest>>,
  Assert<Mutual<inputRequired.InputResponse, sdk.InputResponse>>,
  Assert<Assigns<sdk.InputRequests, inputRequired.InputRequests>>,
  Assert<Mutual<inputRequired.InputResponses, sdk.InputResponses>>,
  Assert<Assigns<sdk.InputRequiredResult, inputRequired.InputRequiredResult>>,
];

export type Subscription = [
  Assert<Mutual<subscription.SubscriptionFilter, sdk.SubscriptionFilter>>,
  Assert<Mutual<subscription.SubscriptionsListenRequestParams, sdk.SubscriptionsListenRequestParams>>,
  Assert<Mutual<subscription.SubscriptionsListenRequest, sdk.SubscriptionsListenRequest>>,
  Assert<
    Mutual<subscription.SubscriptionsAcknowledgedNotificationParams, sdk.SubscriptionsAcknowledgedNotificationParams>
  >,
  Assert<Mutual<subscription.SubscriptionsAcknowledgedNotification, sdk.SubscriptionsAcknowledgedNotification>>,
  Assert<Mutual<subscription.SubscriptionsListenResultMeta, sdk.SubscriptionsListenResultMeta>>,
  Assert<Mutual<subscription.SubscriptionsListenResult, sdk.SubscriptionsListenResult>>,
];

export type Discover = [
  Assert<Mutual<discover.DiscoverRequest, sdk.DiscoverRequest>>,
  Assert<Mutual<discover.DiscoverResult, sdk.DiscoverResult>>,
];

export type Initialize = [
  Assert<Mutual<initialize.InitializeRequestParams, sdk.InitializeRequestParams>>,
  Assert<Mutual<initialize.InitializeRequest, sdk.InitializeRequest>>,
  Assert<Mutual<initialize.InitializeResult, sdk.InitializeResult>>,
  Assert<Mutual<initialize.InitializedNotification, sdk.InitializedNotification>>,
  Assert<Mutual<initialize.PingRequest, sdk.PingRequest>>,
];

export type Notification = [
  Assert<Mutual<notification.CancelledNotificationParams, sdk.CancelledNotificationParams>>,
  Assert<Mutual<notification.CancelledNotification, sdk.CancelledNotification>>,
  Assert<Mutual<notification.ToolListChangedNotification, sdk.ToolListChangedNotification>>,
  Assert<Mutual<notification.PromptListChangedNotification, sdk.PromptListChangedNotification>>,
  Assert<Mutual<notification.ResourceListChangedNotification, sdk.ResourceListChangedNotification>>,
  Assert<Mutual<notification.ResourceUpdatedNotificationParams, sdk.ResourceUpdatedNotificationParams>>,
  Assert<Mutual<notification.ResourceUpdatedNotification, sdk.ResourceUpdatedNotification>>,
  Assert<Mutual<notification.RootsListChangedNotification, sdk.RootsListChangedNotification>>,
  Assert<Mutual<notification.ServerNotification, sdk.ServerNotification>>,
  Assert<Mutual<notification.ClientNotification, sdk.ClientNotification>>,
];

export type Task = [
  Assert<Mutual<task.TaskStatus, sdk.TaskStatus>>,
  Assert<Mutual<task.Task, sdk.Task>>,
  Assert<Mutual<task.TaskMetadata, sdk.TaskMetadata>>,
  Assert<Mutual<task.RelatedTaskMetadata, sdk.RelatedTaskMetadata>>,
  Assert<Mutual<task.TaskAugmentedRequestParams, sdk.TaskAugmentedRequestParams>>,
];

export type ProtocolError = [
  Assert<Mutual<protocolError.ParseError, sdk.ParseError>>,
  Assert<Mutual<protocolError.InvalidRequestError, sdk.InvalidRequestError>>,
  Assert<Mutual<protocolError.MethodNotFoundError, sdk.MethodNotFoundError>>,
  Assert<Mutual<protocolError.InvalidParamsError, sdk.InvalidParamsError>>,
  Assert<Mutual<protocolError.InternalError, sdk.InternalError>>,
  Assert<Mutual<protocolError.MissingRequiredClientCapabilityErrorData, sdk.MissingRequiredClientCapabilityErrorData>>,
  Assert<Mutual<protocolError.UnsupportedProtocolVersionErrorData, sdk.UnsupportedProtocolVersionErrorData>>,
];

export type Revision = [Assert<Mutual<revision.ProtocolEra, sdk.ProtocolEra>>];

export type AuthInfo = [Assert<Mutual<authInfo.AuthInfo, sdk.AuthInfo>>];

export type UriTemplate = [Assert<Mutual<uriTemplate.Variables, sdk.Variables>>];

export type Method = [
  Assert<Mutual<method.ClientRequest, sdk.ClientRequest>>,
  Assert<Mutual<method.ServerResult, sdk.ServerResult>>,
  Assert<Mutual<method.ClientResult, sdk.ClientResult>>,
  Assert<Mutual<method.RequestMethod, sdk.RequestMethod>>,
  Assert<Mutual<method.NotificationMethod, sdk.NotificationMethod>>,
  Assert<Mutual<method.NotificationTypeMap, sdk.NotificationTypeMap>>,
  Assert<Mutual<method.ResultTypeMap, sdk.ResultTypeMap>>,
  Assert<Assigns<sdk.ServerRequest, method.ServerRequest>>,
  Assert<Assigns<sdk.RequestTypeMap, method.RequestTypeMap>>,
  Assert<Assigns<sdk.HandlerResultTypeMap, method.HandlerResultTypeMap>>,
];

/**
 * The one difference: `elicitationId` of a URL elicitation. 2025-11-25 requires it, 2026-07-28 does not know it, so an
 * author may leave it out; with it, the parameters are the SDK's.
 */
export type UrlElicitation = [
  Assert<Assigns<elicitation.ElicitRequestURLParams & { elicitationId: string }, sdk.ElicitRequestURLParams>>,
  Assert<Assigns<{ mode: 'url'; message: string; url: string }, elicitation.ElicitRequestURLParams>>,
];

/** Errors: what the SDK's constructors take ours take, and an instance has the members that the SDK's has. */
export type ErrorClasses = [
  Assert<
    Assigns<ConstructorParameters<typeof sdk.ProtocolError>, ConstructorParameters<typeof protocolError.ProtocolError>>
  >,
  Assert<Assigns<protocolError.ProtocolError, sdk.ProtocolError>>,
  Assert<
    Assigns<
      ConstructorParameters<typeof sdk.ResourceNotFoundError>,
      ConstructorParameters<typeof protocolError.ResourceNotFoundError>
    >
  >,
  Assert<Assigns<protocolError.ResourceNotFoundError, sdk.ResourceNotFoundError>>,
  Assert<
    Assigns<
      ConstructorParameters<typeof sdk.UnsupportedProtocolVersionError>,
      ConstructorParameters<typeof protocolError.UnsupportedProtocolVersionError>
    >
  >,
  Assert<Assigns<protocolError.UnsupportedProtocolVersionError, sdk.UnsupportedProtocolVersionError>>,
  Assert<
    Assigns<
      ConstructorParameters<typeof sdk.MissingRequiredClientCapabilityError>,
      ConstructorParameters<typeof protocolError.MissingRequiredClientCapabilityError>
    >
  >,
  Assert<Assigns<protocolError.MissingRequiredClientCapabilityError, sdk.MissingRequiredClientCapabilityError>>,
  Assert<
    Assigns<
      ConstructorParameters<typeof sdk.UrlElicitationRequiredError>,
      ConstructorParameters<typeof protocolError.UrlElicitationRequiredError>
    >
  >,
  Assert<Assigns<protocolError.UrlElicitationRequiredError, sdk.ProtocolError>>,
  Assert<Assigns<keyof typeof sdk.ProtocolErrorCode, keyof typeof protocolError.ProtocolErrorCode>>,
];
