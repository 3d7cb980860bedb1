/** Calls that can still be cancelled: `notifications/cancelled` comes on a connection of its own, to any process. */
import type { RequestId } from '../protocol/json-rpc.ts';
import type { BusEntry } from '../state/bus.ts';
import type { State } from '../state/state.ts';

/** Ids and reasons are repeated to other processes; longer ones are not. */
const MAX_TEXT = 512;

/** Cancels a call of a session in this process; false when it has none with this id (as JSON). */
export type CancelHere = (session: string, request: string, reason: string | undefined) => boolean;

export class RunningCalls {
  readonly #state: State;
  readonly #cancelHere: CancelHere;
  readonly #offBus: () => void;

  /** @param cancelHere looks for the call: cancelling is rare, so calls are not registered for it */
  constructor(state: State, cancelHere: CancelHere) {
    this.#state = state;
    this.#cancelHere = cancelHere;
    this.#offBus = state.bus.subscribe(entry => this.#hear(entry));
  }

  close(): void {
    this.#offBus();
  }

  /** Cancels a call of a session, wherever it runs. */
  async cancel(session: string, id: RequestId, reason: string | undefined): Promise<void> {
    const request = JSON.stringify(id);
    if (this.#cancelHere(session, request, reason) || !this.#state.durable || request.length > MAX_TEXT) return;
    const why = reason === undefined ? {} : { reason: reason.slice(0, MAX_TEXT) };
    await this.#state.bus.publish({ kind: 'cancel', session, request, ...why });
  }

  #hear({ event }: BusEntry): void {
    if (event.kind === 'cancel') this.#cancelHere(event.session, event.request, event.reason);
  }
}
