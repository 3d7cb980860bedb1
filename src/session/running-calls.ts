/** Calls that can still be cancelled: `notifications/cancelled` comes on a connection of its own, to any process. */
import type { RequestId } from '../protocol/json-rpc.ts';
import type { BusEntry } from '../state/bus.ts';
import type { State } from '../state/state.ts';

/** Ids and reasons are repeated to other processes; longer ones are not. */
const MAX_TEXT = 512;

export interface Cancellable {
  cancel(id: RequestId, reason: string | undefined): void;
}

export class RunningCalls {
  readonly #state: State;
  readonly #calls = new Map<string, { readonly id: RequestId; readonly call: Cancellable }>();
  readonly #offBus: () => void;

  constructor(state: State) {
    this.#state = state;
    this.#offBus = state.bus.subscribe(entry => this.#hear(entry));
  }

  close(): void {
    this.#offBus();
  }

  /** @returns the function that forgets it */
  add(session: string, id: RequestId, call: Cancellable): () => void {
    const key = `${session} ${JSON.stringify(id)}`;
    const entry = { id, call };
    this.#calls.set(key, entry);
    // The same id again, while the first is answered, is the client's mistake: the later one is meant.
    return () => {
      if (this.#calls.get(key) === entry) this.#calls.delete(key);
    };
  }

  /** Cancels a call of a session, wherever it runs. */
  async cancel(session: string, id: RequestId, reason: string | undefined): Promise<void> {
    const request = JSON.stringify(id);
    if (this.#cancelHere(session, request, reason) || !this.#state.durable || request.length > MAX_TEXT) return;
    const why = reason === undefined ? {} : { reason: reason.slice(0, MAX_TEXT) };
    await this.#state.bus.publish({ kind: 'cancel', session, request, ...why });
  }

  #cancelHere(session: string, request: string, reason: string | undefined): boolean {
    const entry = this.#calls.get(`${session} ${request}`);
    entry?.call.cancel(entry.id, reason);
    return entry !== undefined;
  }

  #hear({ event }: BusEntry): void {
    if (event.kind === 'cancel') this.#cancelHere(event.session, event.request, event.reason);
  }
}
