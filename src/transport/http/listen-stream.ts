import type { RequestId } from '../../protocol/json-rpc.ts';
import type { SubscriptionFilter } from '../../protocol/subscription.ts';
import type { Server } from '../../server/server.ts';
import type { SubscriptionSink } from '../../server/subscriptions.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { COMMENT, type EventStream, eventOf, type Responder } from './responder.ts';
import { Swept } from './sweeper.ts';

/** The event stream of one `subscriptions/listen`. */
export class ListenStream extends Swept implements SubscriptionSink {
  readonly #endpoint: HttpEndpoint;
  readonly #stream: EventStream;
  readonly #responder: Responder;
  #spokeAt: number;
  #ended = false;

  constructor(endpoint: HttpEndpoint, responder: Responder) {
    super();
    this.#endpoint = endpoint;
    this.#responder = responder;
    this.#stream = responder.stream();
    this.#spokeAt = endpoint.sweeper.tick;
  }

  open(id: RequestId, wanted: SubscriptionFilter, server: Server): void {
    const forget = this.#endpoint.subscriptions.open(id, wanted, server, this);
    if (this.#ended) return;
    if (this.#endpoint.limits.keepAliveMs > 0) this.#endpoint.sweeper.add(this);
    this.#responder.onGone(() => {
      forget();
      this.#endpoint.sweeper.delete(this);
    });
  }

  push(message: string): void {
    this.#spokeAt = this.#endpoint.sweeper.tick;
    void this.#stream.write(eventOf(message));
  }

  end(message: string): void {
    this.#ended = true;
    this.#endpoint.sweeper.delete(this);
    this.#stream.end(eventOf(message));
  }

  sweep(tick: number): void {
    const { sweeper, limits } = this.#endpoint;
    if (tick - this.#spokeAt < sweeper.ticks(limits.keepAliveMs)) return;
    this.#spokeAt = tick;
    void this.#stream.write(COMMENT);
  }
}
