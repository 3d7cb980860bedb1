/**
 * Holds the listening socket of several workers for as long as the service lives, and hands round the connections that it
 * accepts. While no worker serves, they wait.
 */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '../../server/logger.ts';
import type { ListenedAddress } from '../../transport/http/connection-source.ts';

/** Whom connections are given to, one at a time. */
export interface Taker {
  /** Whether it has the connection; if not, it has read nothing of it and never will. */
  give(socket: Socket): Promise<boolean>;
}

export interface DealerPlace {
  readonly port: number;
  readonly host: string;
  /** A descriptor that is listened on already, in place of port and host. */
  readonly fd?: number;
}

/** As many as the kernel's queue holds. */
const MAX_WAITING = 511;
/** Clients that get no answer for longer have given up, or should try elsewhere. */
const MAX_WAITING_MS = 30_000;
/** Who did not take a connection is about to end, or short of something. */
const RETRY_MS = 1_000;

export class ConnectionDealer {
  readonly #server: Server;
  /** Accepted, and with nobody yet. */
  readonly #waiting: Socket[] = [];
  readonly #takers = new Set<Taker>();
  /** Those that are ready for the next connection; the one that has waited for longest comes first. */
  readonly #free = new Set<Taker>();
  /** Those that leave as soon as nothing waits, and whom to tell. */
  readonly #leaving = new Map<Taker, () => void>();
  #retiring = false;

  constructor(logger: Logger) {
    // Nothing is read here: every byte is for the worker.
    this.#server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, socket => this.#arrived(socket));
    this.#server.on('error', error => {
      if (this.#server.listening) logger.error({ error }, 'listener failed');
    });
  }

  /**
   * Begins to accept.
   *
   * @returns where
   * @throws the error of node:net when the address can not be had
   */
  async listen({ port, host, fd }: DealerPlace): Promise<ListenedAddress> {
    const server = this.#server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(fd === undefined ? { port, host } : { fd }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const { address, port: found } = server.address() as AddressInfo;
    return { address, port: found };
  }

  /** Has connections given to this one too. */
  join(taker: Taker): void {
    this.#takers.add(taker);
    this.#free.add(taker);
    this.#deal();
  }

  /** Gives it no more at once: it is gone, or others are to be preferred. */
  drop(taker: Taker): void {
    this.#takers.delete(taker);
    this.#free.delete(taker);
    this.#leaving.get(taker)?.();
    this.#leaving.delete(taker);
    this.#deal();
  }

  /**
   * Gives it no more; where it is the last while this dealer closes, not before it has what was accepted until now.
   *
   * @param left called then
   */
  leave(taker: Taker, left: () => void): void {
    if (!this.#takers.has(taker)) return left();
    this.#leaving.set(taker, left);
    if (this.#takers.size > this.#leaving.size || !this.#isEnding) return this.drop(taker);
    this.close();
  }

  /** Accepts no more. What was accepted before is still given to somebody, unless nobody is left. */
  close(): void {
    if (this.#server.listening) this.#server.close();
    this.#deal();
  }

  /** Accepts only until the last one leaves. */
  retire(): void {
    this.#retiring = true;
    if (this.#takers.size === 0) this.close();
  }

  get #isEnding(): boolean {
    return this.#retiring || !this.#server.listening;
  }

  #arrived(socket: Socket): void {
    // A client that is gone before it is served is no fault.
    socket.on('error', () => {});
    if (this.#waiting.length >= MAX_WAITING) return void socket.destroy();
    socket.setTimeout(MAX_WAITING_MS, () => {
      const at = this.#waiting.indexOf(socket);
      if (at < 0) return;
      this.#waiting.splice(at, 1);
      socket.destroy();
    });
    this.#waiting.push(socket);
    this.#deal();
  }

  #deal(): void {
    for (const taker of this.#free) {
      const socket = this.#waiting.shift();
      if (socket === undefined) break;
      this.#free.delete(taker);
      void this.#give(socket, taker);
    }
    if (this.#server.listening) return;
    if (this.#takers.size === 0) for (const socket of this.#waiting.splice(0)) socket.destroy();
    if (this.#waiting.length === 0) for (const taker of this.#leaving.keys()) this.drop(taker);
  }

  async #give(socket: Socket, taker: Taker): Promise<void> {
    // This process keeps it open until the worker says that it has it: should that one end before, another gets it.
    const taken = await taker.give(socket);
    if (taken) socket.destroy();
    else {
      this.#waiting.unshift(socket);
      await new Promise(resolve => {
        this.#deal();
        setTimeout(resolve, RETRY_MS);
      });
    }
    if (this.#takers.has(taker)) this.#free.add(taker);
    this.#deal();
  }
}
