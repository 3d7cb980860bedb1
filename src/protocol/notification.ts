/** Notifications that belong to no feature of their own, and the unions of what each side sends. */
import type { ElicitationCompleteNotification } from './elicitation.ts';
import type { InitializedNotification } from './initialize.ts';
import type { NotificationParams, RequestId } from './json-rpc.ts';
import type { LoggingMessageNotification } from './logging.ts';
import type { ProgressNotification } from './progress.ts';
import type { SubscriptionsAcknowledgedNotification } from './subscription.ts';

export type { Notification, NotificationParams } from './json-rpc.ts';

/** The sender no longer waits for the request (MCP 2026-07-28, basic/utilities/cancellation). */
export type CancelledNotificationParams = NotificationParams & { requestId?: RequestId; reason?: string };
export type CancelledNotification = { method: 'notifications/cancelled'; params: CancelledNotificationParams };

/** The list of tools changed (server/tools). */
export type ToolListChangedNotification = {
  method: 'notifications/tools/list_changed';
  params?: NotificationParams;
};

/** The list of prompts changed (server/prompts). */
export type PromptListChangedNotification = {
  method: 'notifications/prompts/list_changed';
  params?: NotificationParams;
};

/** The list of resources changed (server/resources). */
export type ResourceListChangedNotification = {
  method: 'notifications/resources/list_changed';
  params?: NotificationParams;
};

/** A resource changed that the client subscribed to (server/resources). */
export type ResourceUpdatedNotificationParams = NotificationParams & { uri: string };
export type ResourceUpdatedNotification = {
  method: 'notifications/resources/updated';
  params: ResourceUpdatedNotificationParams;
};

/** Legacy revisions only: the client's roots changed (client/roots). */
export type RootsListChangedNotification = {
  method: 'notifications/roots/list_changed';
  params?: NotificationParams;
};

/** Everything that a server may notify of. */
export type ServerNotification =
  | CancelledNotification
  | ProgressNotification
  | LoggingMessageNotification
  | ResourceUpdatedNotification
  | ResourceListChangedNotification
  | ToolListChangedNotification
  | PromptListChangedNotification
  | SubscriptionsAcknowledgedNotification
  | ElicitationCompleteNotification;

/** Everything that a client may notify of. */
export type ClientNotification =
  | CancelledNotification
  | ProgressNotification
  | InitializedNotification
  | RootsListChangedNotification;
