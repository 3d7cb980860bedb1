/**
 * The open `subscriptions/listen` streams and the fan-out of changes to them. MCP 2026-07-28,
 * basic/patterns/subscriptions.
 */
import type { ServerCapabilities } from '../protocol/capability.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { Implementation } from '../protocol/implementation.ts';
import { INTERNAL_ERROR, type RequestId } from '../protocol/json-rpc.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import { SERVER_INFO_META_KEY, SUBSCRIPTION_ID_META_KEY } from '../protocol/request-meta.ts';
import type { SubscriptionFilter } from '../protocol/subscription.ts';
import type { ServerEvent } from '../state/event-bus.ts';

/** Where a subscription's messages go: one JSON-RPC message as text each. */
export interface SubscriptionSink {
  push(message: string): void;
  /** The last message; the stream ends after it. */
  end(message: string): void;
}

/** One open stream. Kept small: there may be ten thousand. */
interface Subscription {
  /** The listen request's id as JSON, its type kept. */
  readonly idText: string;
  readonly sink: SubscriptionSink;
  readonly uris: readonly string[] | undefined;
}

/** What the server will really send: what was asked for and is declared. */
function honoured(wanted: SubscriptionFilter, capabilities: ServerCapabilities): SubscriptionFilter {
  const { tools, prompts, resources } = capabilities;
  const uris = wanted.resourceSubscriptions ?? [];
  return {
    ...(wanted.toolsListChanged && tools?.listChanged && { toolsListChanged: true }),
    ...(wanted.promptsListChanged && prompts?.listChanged && { promptsListChanged: true }),
    ...(wanted.resourcesListChanged && resources?.listChanged && { resourcesListChanged: true }),
    ...(uris.length > 0 && resources?.subscribe && { resourceSubscriptions: [...uris] }),
  };
}

/** The notification of each change. */
export const CHANGE_METHODS: Record<ServerEvent['kind'], string> = {
  tools_list_changed: 'notifications/tools/list_changed',
  prompts_list_changed: 'notifications/prompts/list_changed',
  resources_list_changed: 'notifications/resources/list_changed',
  resource_updated: 'notifications/resources/updated',
};

const ID_KEY = JSON.stringify(SUBSCRIPTION_ID_META_KEY);

/** The response to a listen request, which ends its stream ("Graceful Closure"). */
function completion(idText: string, info: Implementation): string {
  const meta = `${ID_KEY}:${idText},${JSON.stringify(SERVER_INFO_META_KEY)}:${JSON.stringify(info)}`;
  return `{"jsonrpc":"2.0","id":${idText},"result":{"resultType":"complete","_meta":{${meta}}}}`;
}

/** What a stream needs to know of its server. */
export interface SubscribedServer {
  readonly capabilities: ServerCapabilities;
  readonly info: Implementation;
}

export function subscriptionLimitError(limit: number): ProtocolError {
  const error = new SlipwayError('SLIP_SUBSCRIPTION_LIMIT', { limit });
  return new ProtocolError(INTERNAL_ERROR, `Subscription limit reached: ${error.what}`, { code: error.code });
}

export class Subscriptions {
  readonly #max: number;
  readonly #open = new Set<Subscription>();
  readonly #lists: Record<Exclude<ServerEvent['kind'], 'resource_updated'>, Set<Subscription>> = {
    tools_list_changed: new Set(),
    prompts_list_changed: new Set(),
    resources_list_changed: new Set(),
  };
  readonly #byUri = new Map<string, Set<Subscription>>();

  /** @param max streams that may be open at once */
  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#open.size;
  }

  /** @throws ProtocolError when as many streams are open as may be; call it before the stream begins */
  assertRoom(): void {
    if (this.#open.size < this.#max) return;
    throw subscriptionLimitError(this.#max);
  }

  /**
   * Opens a stream: acknowledges it first, then delivers.
   *
   * @returns the function that forgets the stream once its client is gone
   */
  open(
    id: RequestId,
    wanted: SubscriptionFilter,
    { capabilities, info }: SubscribedServer,
    sink: SubscriptionSink,
  ): () => void {
    const filter = honoured(wanted, capabilities);
    const idText = JSON.stringify(id);
    const subscription: Subscription = { idText, sink, uris: filter.resourceSubscriptions };
    const acknowledged = JSON.stringify(filter);
    sink.push(
      `{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":{${ID_KEY}:${idText}},"notifications":${acknowledged}}}`,
    );
    // Nothing will ever be sent: the stream is complete, rather than a connection held for nothing.
    if (Object.keys(filter).length === 0) {
      sink.end(completion(idText, info));
      return () => {};
    }
    this.#open.add(subscription);
    if (filter.toolsListChanged) this.#lists.tools_list_changed.add(subscription);
    if (filter.promptsListChanged) this.#lists.prompts_list_changed.add(subscription);
    if (filter.resourcesListChanged) this.#lists.resources_list_changed.add(subscription);
    for (const uri of subscription.uris ?? []) {
      const set = this.#byUri.get(uri);
      if (set === undefined) this.#byUri.set(uri, new Set([subscription]));
      else set.add(subscription);
    }
    return () => this.#forget(subscription);
  }

  #forget(subscription: Subscription): void {
    if (!this.#open.delete(subscription)) return;
    for (const set of Object.values(this.#lists)) set.delete(subscription);
    for (const uri of subscription.uris ?? []) {
      const set = this.#byUri.get(uri);
      set?.delete(subscription);
      if (set?.size === 0) this.#byUri.delete(uri);
    }
  }

  /** Tells one change to every stream that asked for it. */
  deliver(event: ServerEvent): void {
    const updated = event.kind === 'resource_updated';
    const receivers = updated ? this.#byUri.get(event.uri) : this.#lists[event.kind];
    if (receivers === undefined || receivers.size === 0) return;
    const head = `{"jsonrpc":"2.0","method":"${CHANGE_METHODS[event.kind]}","params":{"_meta":{${ID_KEY}:`;
    const tail = updated ? `},"uri":${JSON.stringify(event.uri)}}}` : '}}}';
    for (const { idText, sink } of [...receivers]) sink.push(`${head}${idText}${tail}`);
  }

  /** Ends every stream in good order ("Graceful Closure"). */
  closeAll(info: Implementation): void {
    for (const subscription of [...this.#open]) {
      this.#forget(subscription);
      subscription.sink.end(completion(subscription.idText, info));
    }
  }
}
