import type { Logger } from '../../server/logger.ts';
import type { ReadinessCheckResult } from '../../transport/http/health.ts';

/**
 * Says in the log when something that has to hold for a server to be ready stops to hold, and when it holds again: probes
 * only hear that it is not ready.
 */
export class ReadinessLog {
  readonly #logger: () => Logger;
  /** Why what does not hold does not, by its name. */
  readonly #failing = new Map<string, string>();

  constructor(logger: () => Logger) {
    this.#logger = logger;
  }

  /** Takes what a look has found; what has not changed is not repeated. */
  note({ name, ok, why = 'it does not hold' }: ReadinessCheckResult): void {
    if (ok ? !this.#failing.delete(name) : this.#failing.get(name) === why) return;
    if (!ok) this.#failing.set(name, why);
    try {
      if (ok) this.#logger().info({ check: name }, `ready again: ${name}`);
      else this.#logger().error({ check: name, why }, `not ready: ${name}`);
    } catch {
      // A logger that fails must not keep the probe from its answer.
    }
  }
}
