import type { RequestId } from '../protocol/json-rpc.ts';

/** Options of a notification that the server sends. */
export type NotificationOptions = {
  /** The request it belongs to, where the transport can tell streams apart. */
  relatedRequestId?: RequestId;
};
