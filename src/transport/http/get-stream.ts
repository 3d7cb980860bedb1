import { SlipwayError } from '../../protocol/coded-error.ts';
import type { HttpEndpoint } from './endpoint.ts';
import type { EventReader } from './event-reader.ts';
import type { Responder } from './responder.ts';
import { Swept } from './sweeper.ts';

/** What the connection reads, once that is known. */
export interface GetStreamUse {
  /** The session's key. */
  readonly session: string;
  readonly reader: EventReader;
  /** Milliseconds since 1970 at which the session has lived long enough. */
  readonly expiresAt: number;
  /** Says something that keeps the connection open. */
  readonly keepAlive: () => void;
}

/** The connection of a GET: counted from its arrival, kept alive, and let go of when it ends from either side. */
export class GetStream extends Swept {
  readonly #endpoint: HttpEndpoint;
  readonly #responder: Responder;
  readonly #ended: (() => void)[] = [];
  #use: GetStreamUse | undefined;
  #spokeAt: number;
  #open = true;
  /** Which of the two bounds it counts for: streams of calls are not kept out by those that only listen. */
  #resumes = false;

  constructor(endpoint: HttpEndpoint, responder: Responder) {
    super();
    this.#endpoint = endpoint;
    this.#responder = responder;
    this.#spokeAt = endpoint.sweeper.tick;
    endpoint.getStreams++;
    responder.onGone(() => this.forget());
  }

  /** The session's key, once it is known. */
  get session(): string | undefined {
    return this.#use?.session;
  }

  /**
   * Says what the connection is for.
   *
   * @param kind a call's stream, the session's own, or the session's own in place of one that it has
   * @throws SlipwayError `SLIP_STREAM_LIMIT`
   */
  use(kind: 'resumed' | 'standalone' | 'takeover', use: GetStreamUse): void {
    const { limits, sweeper, sessionStreams } = this.#endpoint;
    if (kind === 'resumed') {
      this.#resumes = true;
      this.#endpoint.getStreams--;
      this.#endpoint.resumedStreams++;
      this.#assert(this.#endpoint.resumedStreams <= limits.maxConcurrentRequests, limits.maxConcurrentRequests);
    } else if (kind === 'standalone') {
      this.#assert(this.#endpoint.getStreams <= limits.maxSubscriptions, limits.maxSubscriptions);
    }
    if (!this.#open) return;
    this.#use = use;
    sessionStreams.add(this);
    sweeper.add(this);
    use.reader.onEnd = () => this.forget();
  }

  #assert(holds: boolean, limit: number): void {
    if (!holds) throw new SlipwayError('SLIP_STREAM_LIMIT', { limit });
  }

  /** Whether the client has left, or was let go. */
  get closed(): boolean {
    return !this.#open || this.#responder.gone;
  }

  /** Calls back once when the stream has ended; at once when it has already. */
  onEnd(listener: () => void): void {
    if (this.#open) this.#ended.push(listener);
    else listener();
  }

  /**
   * Ends it though there may be more to come.
   *
   * @param more whether the client goes on elsewhere
   */
  end(more: boolean): void {
    this.#use?.reader.end(more);
  }

  forget(): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#resumes) this.#endpoint.resumedStreams--;
    else this.#endpoint.getStreams--;
    this.#endpoint.sessionStreams.delete(this);
    this.#endpoint.sweeper.delete(this);
    for (const listener of this.#ended) listener();
  }

  sweep(tick: number): void {
    const { sweeper, limits } = this.#endpoint;
    if (this.#use === undefined) return;
    if (Date.now() >= this.#use.expiresAt) return this.end(false);
    if (limits.keepAliveMs === 0 || tick - this.#spokeAt < sweeper.ticks(limits.keepAliveMs)) return;
    this.#spokeAt = tick;
    this.#use.keepAlive();
  }
}
