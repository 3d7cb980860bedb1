/** The stream of change notifications (MCP 2026-07-28, basic/patterns/subscriptions). */
import type { NotificationParams, RequestId, RequestParams } from './json-rpc.ts';
import type { ResultMetaObject, SUBSCRIPTION_ID_META_KEY } from './request-meta.ts';
import type { Result } from './result.ts';

/** Which notifications a client wants; absent means no. */
export type SubscriptionFilter = {
  toolsListChanged?: boolean;
  promptsListChanged?: boolean;
  resourcesListChanged?: boolean;
  /** URIs whose `notifications/resources/updated` are wanted. */
  resourceSubscriptions?: string[];
};

export type SubscriptionsListenRequestParams = RequestParams & { notifications: SubscriptionFilter };
export type SubscriptionsListenRequest = {
  method: 'subscriptions/listen';
  params: SubscriptionsListenRequestParams;
};

/** First on the stream: what the server will really send. */
export type SubscriptionsAcknowledgedNotificationParams = NotificationParams & { notifications: SubscriptionFilter };
export type SubscriptionsAcknowledgedNotification = {
  method: 'notifications/subscriptions/acknowledged';
  params: SubscriptionsAcknowledgedNotificationParams;
};

export type SubscriptionsListenResultMeta = ResultMetaObject & { [SUBSCRIPTION_ID_META_KEY]: RequestId };

/** Last on the stream, when the server ends it in good order. */
export type SubscriptionsListenResult = Result & { _meta: SubscriptionsListenResultMeta };
