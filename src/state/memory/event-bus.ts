import type { ServerEvent, ServerEventBus } from '../event-bus.ts';

/**
 * A bus within this process. `publish` delivers before it returns, in the order of subscription; a listener that throws
 * does not keep the event from the others.
 */
export class InMemoryServerEventBus implements ServerEventBus {
  // One holder per subscription: the same function subscribed twice hears twice and leaves once at a time.
  readonly #subscriptions = new Set<{ readonly listener: (event: ServerEvent) => void }>();
  readonly #onerror: ((error: Error) => void) | undefined;

  /** @param onerror Hears what listeners throw; without it, that is dropped. */
  constructor(onerror?: (error: Error) => void) {
    this.#onerror = onerror;
  }

  publish(event: ServerEvent): void {
    // A copy, so that a listener added during delivery waits for the next event instead of prolonging this one.
    for (const subscription of [...this.#subscriptions]) {
      if (!this.#subscriptions.has(subscription)) continue;
      try {
        subscription.listener(event);
      } catch (error) {
        this.#onerror?.(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  subscribe(listener: (event: ServerEvent) => void): () => void {
    const subscription = { listener };
    this.#subscriptions.add(subscription);
    return () => {
      this.#subscriptions.delete(subscription);
    };
  }

  /** How many listeners are subscribed now. */
  get listenerCount(): number {
    return this.#subscriptions.size;
  }
}
