/** Whether a server is ready for requests: not about to stop, its state store works, and what its author asks for holds. */
import { SlipwayError } from '../protocol/coded-error.ts';
import { type NamedHook, runHook } from '../server/lifecycle-hooks.ts';
import type { Logger } from '../server/logger.ts';
import type { State } from '../state/state.ts';
import type { ReadinessCheckResult, ReadinessReport } from '../transport/http/health.ts';
import { ReadinessLog } from './sight/readiness-log.ts';

/** Probes come from many sides at once; the checks run once for all of them. */
const REMEMBERED_MS = 1_000;

export class Readiness {
  readonly #state: State;
  readonly #checks: () => readonly NamedHook[];
  readonly #log: ReadinessLog;
  #last: Promise<readonly ReadinessCheckResult[]> | undefined;
  #lastAt = Number.NEGATIVE_INFINITY;

  /** @param checks read at every look: a server file may add some while it runs */
  constructor(state: State, checks: () => readonly NamedHook[], logger: () => Logger) {
    this.#state = state;
    this.#checks = checks;
    this.#log = new ReadinessLog(logger);
  }

  /** Looks at what costs nothing to look at, for the log: there may be no probe. */
  look(): void {
    this.#store();
  }

  /** Never rejects. */
  async report(draining: boolean): Promise<ReadinessReport> {
    const checks: ReadinessCheckResult[] = [
      { name: 'serving', ok: !draining, ...(draining && { why: 'it is about to stop' }) },
      this.#store(),
      ...(await this.#authored()),
    ];
    return { ready: checks.every(({ ok }) => ok), checks };
  }

  #store(): ReadinessCheckResult {
    const { ok, why } = this.#state.health();
    const found = { name: 'state store', ok, ...(why !== undefined && { why }) };
    this.#log.note(found);
    return found;
  }

  #authored(): Promise<readonly ReadinessCheckResult[]> {
    const hooks = this.#checks();
    if (hooks.length === 0) return Promise.resolve([]);
    const now = performance.now();
    if (this.#last === undefined || now - this.#lastAt > REMEMBERED_MS) {
      this.#lastAt = now;
      this.#last = Promise.all(
        hooks.map(async hook => {
          const found = await result(hook);
          this.#log.note(found);
          return found;
        }),
      );
    }
    return this.#last;
  }
}

async function result(hook: NamedHook): Promise<ReadinessCheckResult> {
  const start = performance.now();
  const of = (ok: boolean, why?: string): ReadinessCheckResult => {
    const ms = Math.round(performance.now() - start);
    return { name: hook.name, ok, ms, ...(why !== undefined && { why }) };
  };
  try {
    return (await runHook(hook)) === false ? of(false, 'it says no') : of(true);
  } catch (error) {
    if (error instanceof SlipwayError) return of(false, error.what);
    return of(false, error instanceof Error ? error.message : String(error));
  }
}
