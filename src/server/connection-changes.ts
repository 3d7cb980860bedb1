/** What the client of a connection is told of changes without a stream for them: the way of the 2025 era. */
import type { JSONRPCNotification } from '../protocol/json-rpc.ts';
import type { ServerEvent } from '../state/event-bus.ts';
import type { Server } from './server.ts';
import { CHANGE_METHODS, subscriptionLimitError } from './subscriptions.ts';

/** Resources that one client can be subscribed to. */
const MAX_SUBSCRIBED_RESOURCES = 10_000;

export class ConnectionChanges {
  readonly #server: Server;
  readonly #post: (message: JSONRPCNotification) => void;
  readonly #subscribed = new Set<string>();
  readonly #debounced = new Set<string>();

  /** @param post sends without anybody waiting */
  constructor(server: Server, post: (message: JSONRPCNotification) => void) {
    this.#server = server;
    this.#post = post;
  }

  /** @throws ProtocolError when the client is subscribed to as many resources as may be */
  subscribe(uri: string): void {
    if (this.#subscribed.size >= MAX_SUBSCRIBED_RESOURCES && !this.#subscribed.has(uri)) {
      throw subscriptionLimitError(MAX_SUBSCRIBED_RESOURCES);
    }
    this.#subscribed.add(uri);
  }

  unsubscribe(uri: string): void {
    this.#subscribed.delete(uri);
  }

  #hears(event: ServerEvent): boolean {
    // A server that offers no subscriptions, but tells of updates all the same, means every client.
    const subscribes = event.kind === 'resource_updated' && this.#server.capabilities.resources?.subscribe === true;
    return !subscribes || this.#subscribed.has(event.uri);
  }

  announce(event: ServerEvent): void {
    if (!this.#hears(event)) return;
    const method = CHANGE_METHODS[event.kind];
    const params = event.kind === 'resource_updated' ? { uri: event.uri } : undefined;
    const message: JSONRPCNotification = { jsonrpc: '2.0', method, ...(params && { params }) };
    if (params !== undefined || !this.#server.options.debouncedNotificationMethods?.includes(method)) {
      return this.#post(message);
    }
    if (this.#debounced.has(method)) return;
    this.#debounced.add(method);
    queueMicrotask(() => {
      this.#debounced.delete(method);
      this.#post(message);
    });
  }
}
