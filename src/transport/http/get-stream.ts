import type { HttpEndpoint } from './endpoint.ts';
import type { EventReader } from './event-reader.ts';
import type { Responder } from './responder.ts';
import type { Swept } from './sweeper.ts';

/** The connection of a GET stream: counted, kept alive, and let go of when it ends from either side. */
export class GetStream implements Swept {
  readonly #endpoint: HttpEndpoint;
  readonly #reader: EventReader;
  readonly #keepAlive: () => void;
  readonly #ended: (() => void)[] = [];
  #spokeAt: number;
  #open = true;

  /** @param keepAlive says something that keeps the connection open */
  constructor(endpoint: HttpEndpoint, responder: Responder, reader: EventReader, keepAlive: () => void) {
    this.#endpoint = endpoint;
    this.#reader = reader;
    this.#keepAlive = keepAlive;
    this.#spokeAt = endpoint.sweeper.tick;
    endpoint.getStreams++;
    endpoint.sessionStreams.add(this);
    if (endpoint.limits.keepAliveMs > 0) endpoint.sweeper.add(this);
    reader.onEnd = () => this.forget();
    responder.onGone(() => this.forget());
  }

  /** Calls back once when the stream has ended; at once when it has already. */
  onEnd(listener: () => void): void {
    if (this.#open) this.#ended.push(listener);
    else listener();
  }

  /** Ends it though there may be more to come: the client goes on elsewhere. */
  end(): void {
    this.#reader.end(true);
  }

  forget(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#endpoint.getStreams--;
    this.#endpoint.sessionStreams.delete(this);
    this.#endpoint.sweeper.delete(this);
    for (const listener of this.#ended) listener();
  }

  sweep(tick: number): void {
    const { sweeper, limits } = this.#endpoint;
    if (tick - this.#spokeAt < sweeper.ticks(limits.keepAliveMs)) return;
    this.#spokeAt = tick;
    this.#keepAlive();
  }
}
