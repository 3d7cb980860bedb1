/** Tells clients after a reload that what is listed may be another: nobody knows what the new code has changed for them. */
import type { Bus } from '../../state/bus.ts';
import { everyChange } from '../../state/event-bus.ts';

/** From news on the bus to the streams, which may learn of it by polling. */
const DELIVERY_MS = 100;

export class ListChangeNews {
  readonly #bus: Bus;
  readonly #isReload: boolean;
  #told: NodeJS.Timeout | undefined;

  /** @param isReload false for the first load: nobody knows anything older */
  constructor(bus: Bus, isReload: boolean) {
    this.#bus = bus;
    this.#isReload = isReload;
  }

  /** Whoever opens a stream may have held one of the process before. */
  opened(): void {
    if (!this.#isReload || this.#told !== undefined) return;
    this.#told = setTimeout(() => {
      this.#told = undefined;
      void this.#tell();
    }, DELIVERY_MS);
  }

  /** For the streams that are open, before they end; resolves when they have it. */
  async farewell(): Promise<void> {
    await this.#tell();
    await new Promise(resolve => setTimeout(resolve, DELIVERY_MS));
  }

  async #tell(): Promise<void> {
    const published = everyChange().map(async event => this.#bus.publish({ kind: 'change', event }));
    // A store that is broken has said so itself.
    await Promise.allSettled(published);
  }
}
