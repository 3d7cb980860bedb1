/** The `_meta` member: reserved keys and the objects they live in (MCP 2026-07-28, basic, `_meta`). */
import type { ClientCapabilities } from './capability.ts';
import type { Implementation } from './implementation.ts';
import type { LoggingLevel } from './logging.ts';

/** Request: the revision that governs it. Over HTTP it equals the `MCP-Protocol-Version` header. */
export const PROTOCOL_VERSION_META_KEY = 'io.modelcontextprotocol/protocolVersion';
/** Request: the client software, by its own account; for display and logs only. */
export const CLIENT_INFO_META_KEY = 'io.modelcontextprotocol/clientInfo';
/** Request: what the client can do, declared anew with each request. */
export const CLIENT_CAPABILITIES_META_KEY = 'io.modelcontextprotocol/clientCapabilities';
/** Request: the least severe log message to send while it runs; absent means none. Deprecated by SEP-2577. */
export const LOG_LEVEL_META_KEY = 'io.modelcontextprotocol/logLevel';
/** Result: the server software, by its own account. */
export const SERVER_INFO_META_KEY = 'io.modelcontextprotocol/serverInfo';
/** Notification: the id of the `subscriptions/listen` request it belongs to. */
export const SUBSCRIPTION_ID_META_KEY = 'io.modelcontextprotocol/subscriptionId';
/** The 2025-11-25 task that a message belongs to. */
export const RELATED_TASK_META_KEY = 'io.modelcontextprotocol/related-task';
/** W3C Trace Context `traceparent` (SEP-414). */
export const TRACEPARENT_META_KEY = 'traceparent';
/** W3C Trace Context `tracestate` (SEP-414). */
export const TRACESTATE_META_KEY = 'tracestate';
/** W3C Baggage (SEP-414). */
export const BAGGAGE_META_KEY = 'baggage';

/** Names a request in the progress notifications about it: a string or an integer. */
export type ProgressToken = string | number;

/** A `_meta` object with any members. */
export type MetaObject = Record<string, unknown>;

/** The `_meta` of a request or notification. */
export type RequestMeta = {
  [key: string]: unknown;
  progressToken?: ProgressToken;
  [RELATED_TASK_META_KEY]?: { taskId: string };
};

/** The `_meta` of a request, under its name in the 2026-07-28 schema. */
export type RequestMetaObject = RequestMeta;

/** What a modern request must say about itself in `_meta`. */
export type RequestMetaEnvelope = {
  [PROTOCOL_VERSION_META_KEY]: string;
  [CLIENT_INFO_META_KEY]?: Implementation;
  [CLIENT_CAPABILITIES_META_KEY]: ClientCapabilities;
  [LOG_LEVEL_META_KEY]?: LoggingLevel;
};

/** The `_meta` of a result. */
export type ResultMetaObject = {
  [key: string]: unknown;
  [SERVER_INFO_META_KEY]?: Implementation;
};
