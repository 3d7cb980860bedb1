/**
 * Remembers results for a time. Callers who want the same at the same time share one request; it is given up only when
 * none of them waits any more.
 */
interface Flight<T> {
  readonly result: Promise<T>;
  readonly abort: AbortController;
  waiting: number;
}

interface Kept<T> {
  readonly value: T;
  readonly until: number;
}

export class SharedCache<T> {
  readonly #ttlMs: number;
  readonly #most: number;
  readonly #kept = new Map<string, Kept<T>>();
  readonly #flights = new Map<string, Flight<T>>();

  /** @param most entries; beyond them, the oldest is forgotten */
  constructor(ttlMs: number, most: number) {
    this.#ttlMs = ttlMs;
    this.#most = most;
  }

  /** Rejects with the signal's reason when that aborts, and with whatever `load` rejects with; failures are not kept. */
  async get(key: string, load: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.until > performance.now()) return kept.value;
    const flight = this.#flights.get(key) ?? this.#depart(key, load);
    flight.waiting++;
    const left = Promise.withResolvers<never>();
    const leave = () => left.reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([flight.result, left.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
      if (--flight.waiting === 0) this.#land(key, flight);
    }
  }

  #depart(key: string, load: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const abort = new AbortController();
    const result = load(abort.signal).then(value => {
      this.#keep(key, value);
      return value;
    });
    const flight = { result, abort, waiting: 0 };
    // Everybody may have left before it fails.
    result.catch(() => {}).finally(() => this.#flights.get(key) === flight && this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  #land(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    flight.abort.abort(new Error('nobody waits for it any more'));
  }

  #keep(key: string, value: T): void {
    this.#kept.delete(key);
    this.#kept.set(key, { value, until: performance.now() + this.#ttlMs });
    if (this.#kept.size > this.#most) this.#kept.delete(this.#kept.keys().next().value!);
  }
}
