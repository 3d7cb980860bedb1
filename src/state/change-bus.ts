/** The changes among what a bus carries, in the words of the public contract. */
import type { Bus } from './bus.ts';
import { everyChange, type ServerEvent, type ServerEventBus } from './event-bus.ts';

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
      // After a gap nobody knows what has changed, so the lists have. (Single resources are told by who knows them.)
      const changes = event.kind === 'change' ? [event.event] : event.kind === 'gap' ? everyChange() : [];
      try {
        for (const change of changes) listener(change);
      } catch (error) {
        this.#onerror(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }
}
