/** The metrics of several processes as those of one service. */
import { INSTANCE, type MetricFamily } from './metric-family.ts';

/** What one process measured. */
type Part = readonly MetricFamily[];

/** What merges and prints. It takes tens of milliseconds to load, so not before it is needed. */
export async function loadMetricsPrinter(): Promise<typeof import('prom-client').AggregatorRegistry> {
  const { default: client } = await import('prom-client');
  return client.AggregatorRegistry;
}

/**
 * Merges what several processes measured, each family in the way it says (sum, minimum, maximum, first).
 *
 * @param parts what `json()` of each process gave
 * @returns the Prometheus text format, version 0.0.4
 */
export async function aggregateMetrics(parts: readonly unknown[]): Promise<string> {
  const printer = await loadMetricsPrinter();
  return printer.aggregate(parts.filter(isPart)).metrics();
}

function isPart(part: unknown): part is Part {
  return Array.isArray(part);
}

function instanceOf(part: Part): string | undefined {
  const id = part.find(({ name }) => name === INSTANCE)?.values[0]?.labels['id'];
  return id === undefined ? undefined : String(id);
}

/** How many processes that no longer answer are remembered one by one. */
const MAX_ABSENT = 32;

/**
 * The metrics of a primary process and its workers. Workers come and go, but counters must only grow: a sum that falls
 * looks like a restart to Prometheus, which then counts all that is left a second time. So the counts of a worker that
 * does not answer stay, as of its last word; when it answers again, they are replaced.
 */
export class WorkerMetrics {
  /** By process; those that have not answered for longest come first. */
  readonly #known = new Map<string, Part>();
  /** The sum of those that are no longer remembered one by one. */
  #former: Promise<readonly object[]> = Promise.resolve([]);

  /**
   * @param own what the primary measures itself
   * @param parts what those workers measured that have answered
   * @returns the Prometheus text format, version 0.0.4
   */
  async text(own: unknown, parts: readonly unknown[]): Promise<string> {
    const present = parts.filter(isPart);
    for (const part of present) this.update(part);
    this.#forget(this.#known.size - present.length - MAX_ABSENT);
    const absent = [...this.#known.values()].filter(part => !present.includes(part)).map(countsOf);
    return aggregateMetrics([own, ...present, ...absent, await this.#former]);
  }

  /** Takes the last word of a worker that is about to end. */
  update(part: unknown): void {
    const instance = isPart(part) && instanceOf(part);
    if (!instance) return;
    this.#known.delete(instance);
    this.#known.set(instance, part as Part);
  }

  #forget(count: number): void {
    for (const [instance, part] of [...this.#known].slice(0, Math.max(0, count))) {
      this.#known.delete(instance);
      this.#former = this.#former.then(async before => {
        const printer = await loadMetricsPrinter();
        return await printer.aggregate([before, countsOf(part)]).getMetricsAsJSON();
      });
    }
  }
}

/** What remains true of a process when it has ended. */
function countsOf(part: Part): Part {
  return part.filter(({ type }) => type !== 'gauge');
}
