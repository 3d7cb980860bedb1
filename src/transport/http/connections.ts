/** The connections of a listener, and how they end without a call being lost. */
import type { Server as HttpServer, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

type HttpSocket = Socket & { _httpMessage?: ServerResponse | null };

const CLOSING_INTERVAL_MS = 20;
/** From the opening of a connection to what its client opened it for. */
const FIRST_BYTE_MS = 1_000;
/** Whoever sends traffic here, or probes whether to, has come by within this time. */
const QUIET_MS = 15_000;

export class Connections {
  readonly #open = new Set<HttpSocket>();
  #empty: (() => void) | undefined;
  /** When one was open for the last time. */
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(server: HttpServer) {
    server.on('connection', (socket: HttpSocket) => {
      this.#open.add(socket);
      // Remembered from now on: whom a request is counted for must be known when its client has left, too.
      void socket.remoteAddress;
      socket.once('close', () => {
        this.#open.delete(socket);
        this.#lastAt = performance.now();
        if (this.#open.size === 0) this.#empty?.();
      });
    });
  }

  get size(): number {
    return this.#open.size;
  }

  /** Has answers on their way end their connections, as those of later requests do. */
  closeAfterAnswer(): void {
    for (const { _httpMessage: response } of this.#open) {
      if (response && !response.headersSent) response.shouldKeepAlive = false;
    }
  }

  /**
   * Waits while connections end with their answers: until none is open, but not longer than that. Where new ones still
   * come, all the time, because who sends them does not know yet; unless nobody does.
   */
  async lameDuck(ms: number, newOnesCome: boolean): Promise<void> {
    if (this.#open.size === 0 && (!newOnesCome || performance.now() - this.#lastAt > QUIET_MS)) return;
    if (newOnesCome) await new Promise(resolve => setTimeout(resolve, ms));
    else await this.emptied(ms);
  }

  /**
   * Waits until what has arrived by now is read, before anybody looks who is idle: it would be lost with its connection.
   * Connections that have just been opened get a moment to bring something.
   */
  async heard(): Promise<void> {
    const end = performance.now() + FIRST_BYTE_MS;
    const isNew = ({ bytesRead }: Socket) => bytesRead === 0;
    while ([...this.#open].some(isNew) && performance.now() < end) {
      await new Promise(resolve => setTimeout(resolve, CLOSING_INTERVAL_MS));
    }
    await new Promise(resolve => setImmediate(() => setImmediate(resolve)));
  }

  /**
   * Waits until none is open. For one that waits.
   *
   * @param withinMs but not longer than that; default: as long as it takes
   */
  async emptied(withinMs?: number): Promise<void> {
    if (this.#open.size === 0) return;
    await new Promise<void>(resolve => {
      const timer = withinMs === undefined ? undefined : setTimeout(resolve, withinMs);
      this.#empty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#empty = undefined;
  }

  /**
   * Closes the connections that carry nothing. closeIdleConnections() of node:http is not the same: it also cuts answers
   * that are complete but have not left yet.
   */
  closeIdle(): void {
    for (const socket of this.#open) if (!socket._httpMessage && socket.writableLength === 0) socket.destroy();
  }

  /** Closes each as soon as it carries nothing; returns what to call to leave off. */
  closeWhenIdle(): () => void {
    this.closeIdle();
    const timer = setInterval(() => this.closeIdle(), CLOSING_INTERVAL_MS);
    return () => clearInterval(timer);
  }
}
