/** What the load has done, in a fixed amount of memory however long it runs. */
import { Latencies } from './latency.ts';

export interface Fault {
  readonly visit: string;
  readonly what: string;
}

/** Faults that are kept word for word; the others are only counted. */
const MAX_KEPT = 20;
const MAX_LENGTH = 400;

export class Tally {
  /** HTTP requests that were sent. */
  requests = 0;
  /** Answers that came as they should. */
  readonly visits = new Map<string, number>();
  /** Visits whose turn came while as many as may be of their kind were on their way. */
  skipped = 0;
  faults = 0;
  readonly kept: Fault[] = [];
  /** Of quick calls since the last look. */
  readonly recent = new Latencies();

  done(visit: string): void {
    this.visits.set(visit, (this.visits.get(visit) ?? 0) + 1);
  }

  failed(visit: string, error: unknown): void {
    this.faults++;
    if (this.kept.length >= MAX_KEPT) return;
    const what = error instanceof Error ? `${error.message}${causeOf(error)}` : String(error);
    this.kept.push({ visit, what: what.slice(0, MAX_LENGTH) });
  }
}

function causeOf({ stack, cause }: Error): string {
  // The first line of ours tells which expectation it was.
  const at =
    stack
      ?.split('\n')
      .find(line => line.includes('/soak/'))
      ?.trim() ?? '';
  return `${cause instanceof Error ? `: ${cause.message}` : ''} ${at.replace(/^at .*\/soak\//, '(soak/').replace(/\)?$/, ')')}`;
}
