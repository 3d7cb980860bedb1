/** How many calls one caller may have answered at the same time. */
import { callerOf } from './caller.ts';
import type { HttpRequest } from './http-request.ts';

/** What is worked on for one caller. */
interface Running {
  count: number;
}

/**
 * Counts what this process does for each caller at the same time: its calls that are being answered, and those of its
 * bodies that are being read, which may become calls. A caller without any has no entry. Whoever can not be told apart
 * (see `callerOf`) is not counted.
 */
export class CallerConcurrency {
  readonly limit: number;
  readonly #running = new Map<string, Running>();

  /** @param limit calls of one caller at the same time */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** @returns undefined where there is no limit */
  static of(limit: number | undefined): CallerConcurrency | undefined {
    return limit === undefined ? undefined : new CallerConcurrency(limit);
  }

  /** Callers with calls in flight. */
  get size(): number {
    return this.#running.size;
  }

  /** Whether so many calls more would be too many; asked before they begin. */
  isBusy(request: HttpRequest, calls = 1, limit: number = this.limit): boolean {
    const key = callerOf(request)?.id;
    return key !== undefined && (this.#running.get(key)?.count ?? 0) + calls > limit;
  }

  /** Counts calls that go on; {@link leave} ends them. */
  enter(request: HttpRequest, calls = 1): void {
    const key = callerOf(request)?.id;
    if (key === undefined) return;
    const running = this.#running.get(key);
    if (running !== undefined) running.count += calls;
    else this.#running.set(key, { count: calls });
  }

  leave(request: HttpRequest, calls = 1): void {
    const key = callerOf(request)?.id;
    const running = key === undefined ? undefined : this.#running.get(key);
    if (running === undefined) return;
    running.count -= calls;
    if (running.count <= 0) this.#running.delete(key!);
  }
}
