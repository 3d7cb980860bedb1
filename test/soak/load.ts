/** Mixed load at a bounded rate: visits begin by the clock, whether or not the ones before have ended. */
import { Agent } from 'node:http';
import { Caller } from './caller.ts';
import { MODERN_VISITS } from './modern-visits.ts';
import { REFUSED_VISITS } from './refused-visits.ts';
import { SESSION_VISITS } from './session-visits.ts';
import { SLOW_VISITS } from './slow-visits.ts';
import type { Tally } from './tally.ts';
import type { Visit } from './visit.ts';

export const VISITS: readonly Visit[] = [...MODERN_VISITS, ...SESSION_VISITS, ...SLOW_VISITS, ...REFUSED_VISITS];

export interface LoadOptions {
  readonly port: number;
  readonly tally: Tally;
  /** Times of the usual rate. */
  readonly rate: number;
  /** The longest time that a visit holds a stream. */
  readonly holdMs: number;
}

/** Visits of one kind that are on their way at once, at most. */
const MAX_AT_ONCE = 64;
const CONNECTIONS = 32;
const TICK_MS = 5;
/** Nothing takes this long unless it hangs. */
const PATIENCE_MS = 30_000;
/** Within one tick, a visit that lags behind catches up by so many; a process that stood still does not flood. */
const MAX_BURST = 8;

export class Load {
  readonly #options: LoadOptions;
  readonly #running = new Map<Visit, number>();
  readonly #all = new Set<Promise<void>>();
  #agent = new Agent();
  #ending = new AbortController();
  #clock: NodeJS.Timeout | undefined;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  start(): void {
    this.#agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    this.#ending = new AbortController();
    const { rate } = this.#options;
    const now = performance.now();
    const due = new Map(VISITS.map(visit => [visit, now + (Math.random() * 1000) / (visit.perSecond * rate)]));
    this.#clock = setInterval(() => {
      const end = performance.now();
      for (const [visit, at] of due) {
        const every = 1000 / (visit.perSecond * rate);
        let next = Math.max(at, end - MAX_BURST * every);
        for (; next <= end; next += every * (0.5 + Math.random())) this.#begin(visit);
        due.set(visit, next);
      }
    }, TICK_MS);
  }

  /** Begins nothing more, and waits until everything has ended and every connection is closed. */
  async stop(): Promise<void> {
    clearInterval(this.#clock);
    this.#ending.abort();
    while (this.#all.size > 0) await Promise.all(this.#all);
    this.#agent.destroy();
  }

  #begin(visit: Visit): void {
    const { tally } = this.#options;
    const running = this.#running.get(visit) ?? 0;
    if (running >= MAX_AT_ONCE) {
      tally.skipped++;
      return;
    }
    this.#running.set(visit, running + 1);
    const one = this.#run(visit).finally(() => {
      this.#running.set(visit, this.#running.get(visit)! - 1);
      this.#all.delete(one);
    });
    this.#all.add(one);
  }

  async #run(visit: Visit): Promise<void> {
    const { port, tally, holdMs } = this.#options;
    const caller = new Caller({
      port,
      tally,
      holdMs,
      agent: this.#agent,
      ending: this.#ending.signal,
      random: Math.random,
    });
    let late: NodeJS.Timeout | undefined;
    const patience = new Promise<never>((_, reject) => {
      late = setTimeout(() => reject(new Error(`not over within ${PATIENCE_MS} ms`)), PATIENCE_MS);
    });
    const run = visit.run(caller);
    try {
      await Promise.race([run, patience]);
      tally.done(visit.name);
    } catch (error) {
      tally.failed(visit.name, error);
    } finally {
      clearTimeout(late);
      caller.leave();
      // What it still waited for ends with its connections.
      await run.catch(() => {});
    }
  }
}
