/**
 * Which connection a request's stream goes to: the one that asked last, in whichever process. "The server MUST send each
 * of its JSON-RPC messages on only one of the connected streams" (MCP 2025-11-25, basic/transports, "Multiple
 * Connections"), and the one before may be dead without anybody having noticed.
 */
import { randomBytes } from 'node:crypto';
import type { BusEntry } from '../state/bus.ts';
import type { State } from '../state/state.ts';

interface Holder {
  readonly claim: string;
  readonly letGo: () => void;
  /** Whether its own claim has been heard: only what comes after it on the bus is later. */
  heard: boolean;
}

export class StreamClaims {
  readonly #state: State;
  readonly #onError: (error: unknown) => void;
  readonly #holders = new Map<string, Holder>();
  readonly #othersTook: (stream: string) => void;
  readonly #offBus: () => void;

  /** @param othersTook told of every stream that is read on in another process */
  constructor(state: State, othersTook: (stream: string) => void, onError: (error: unknown) => void) {
    this.#state = state;
    this.#othersTook = othersTook;
    this.#onError = onError;
    this.#offBus = state.bus.subscribe(entry => this.#hear(entry));
  }

  close(): void {
    this.#offBus();
  }

  /**
   * Takes a stream from whoever reads it.
   *
   * @param letGo called when somebody else takes it
   * @param isShared whether other processes may hold it too
   * @returns the function that gives it up
   */
  take(stream: string, letGo: () => void, isShared: boolean): () => void {
    const holder: Holder = { claim: randomBytes(9).toString('base64url'), letGo, heard: false };
    const before = this.#holders.get(stream);
    this.#holders.set(stream, holder);
    before?.letGo();
    if (isShared && this.#state.durable) this.#publish(stream, holder.claim);
    return () => {
      if (this.#holders.get(stream) === holder) this.#holders.delete(stream);
    };
  }

  /** Not waited for: if it fails, at worst a dead connection is written to for a while. */
  #publish(stream: string, claim: string): void {
    try {
      const published = this.#state.bus.publish({ kind: 'resumed', stream, claim });
      if (published instanceof Promise) published.catch(this.#onError);
    } catch (error) {
      this.#onError(error);
    }
  }

  #hear({ event }: BusEntry): void {
    if (event.kind !== 'resumed') return;
    const holder = this.#holders.get(event.stream);
    if (holder?.claim === event.claim) {
      holder.heard = true;
      return;
    }
    this.#othersTook(event.stream);
    if (holder?.heard !== true) return;
    this.#holders.delete(event.stream);
    holder.letGo();
  }
}
