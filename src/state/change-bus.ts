/** The changes among what a bus carries, in the words of the public contract. */
import type { Bus } from './bus.ts';
import type { ServerEvent, ServerEventBus } from './event-bus.ts';

export class ChangeBus implements ServerEventBus {
  readonly #bus: Bus;
  readonly #onerror: (error: Error) => void;

  /** @param onerror hears why a change could not be published, and what listeners throw */
  constructor(bus: Bus, onerror: (error: Error) => void) {
    this.#bus = bus;
    this.#onerror = onerror;
  }

  publish(event: ServerEvent): void {
    const fail = (error: unknown) => this.#onerror(error instanceof Error ? error : new Error(String(error)));
    try {
      const published = this.#bus.publish({ kind: 'change', event });
      if (published instanceof Promise) published.catch(fail);
    } catch (error) {
      fail(error);
    }
  }

  subscribe(listener: (event: ServerEvent) => void): () => void {
    return this.#bus.subscribe(({ event }) => {
      if (event.kind !== 'change') return;
      try {
        listener(event.event);
      } catch (error) {
        this.#onerror(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }
}
