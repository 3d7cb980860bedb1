/** `subscriptions/listen` over a connection: its streams share the channel with everything else. */
import { INVALID_PARAMS, type RequestId } from '../protocol/json-rpc.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { Result } from '../protocol/result.ts';
import type { SubscriptionFilter } from '../protocol/subscription.ts';
import type { ServerEvent } from '../state/event-bus.ts';
import type { Call } from './call.ts';
import { RequestContext } from './context.ts';
import { runAsCurrent } from './current-request.ts';
import { runWithin } from './middleware.ts';
import type { Outcome } from './outcome.ts';
import { paramsFault } from './params.ts';
import type { Peer } from './peer.ts';
import { audibleFilter } from './resource-subscription.ts';
import type { Server } from './server.ts';
import { Subscriptions } from './subscriptions.ts';

export class ConnectionListening {
  readonly #server: Server;
  readonly #push: (text: string, id: RequestId) => void;
  readonly #subscriptions: Subscriptions;
  readonly #forget = new Map<RequestId, () => void>();

  /**
   * @param push sends one message, given as JSON text, about the request of that id
   * @param max streams that may be open at once
   */
  constructor(server: Server, push: (text: string, id: RequestId) => void, max: number) {
    this.#server = server;
    this.#push = push;
    this.#subscriptions = new Subscriptions(max);
  }

  /**
   * Opens a stream, which stays open without a response.
   *
   * @returns undefined; or what middleware answered in place of the stream
   * @throws ProtocolError for params that do not fit, or when as many streams are open as may be
   */
  async open(call: Call, peer: Peer): Promise<Outcome | undefined> {
    const fault = paramsFault(call.method, call.params);
    if (fault !== undefined) throw new ProtocolError(INVALID_PARAMS, `Invalid params: ${fault}`);
    const { middleware } = this.#server;
    if (middleware.length === 0) {
      this.#begin(call, peer);
      return undefined;
    }
    // Middleware runs around the opening: it may refuse a stream as it may refuse a call.
    let begun = false;
    const begin = (): Result => {
      // While it ran, the client may have left.
      if (!peer.signal.aborted) this.#begin(call, peer);
      begun = true;
      return {};
    };
    const context = new RequestContext(this.#server, call, peer);
    const outcome = await runAsCurrent(context, () => runWithin(middleware, begin, context));
    return begun ? undefined : outcome;
  }

  #begin({ id, params }: Call, peer: Peer): void {
    this.#subscriptions.assertRoom();
    this.cancel(id);
    let open = true;
    const push = (text: string) => this.#push(text, id);
    const end = (text: string) => {
      open = false;
      this.#forget.delete(id);
      push(text);
    };
    const wanted = audibleFilter(this.#server, peer.authInfo, params['notifications'] as SubscriptionFilter);
    const forget = this.#subscriptions.open(id, wanted, this.#server, { push, end });
    if (open) this.#forget.set(id, forget);
  }

  /** Ends a stream whose client no longer wants it: nothing more is sent about it. */
  cancel(id: RequestId): void {
    this.#forget.get(id)?.();
    this.#forget.delete(id);
  }

  get size(): number {
    return this.#subscriptions.size;
  }

  deliver(event: ServerEvent): void {
    this.#subscriptions.deliver(event);
  }

  /** Ends every stream in good order. */
  closeAll(): void {
    this.#subscriptions.closeAll(this.#server.info);
  }
}
