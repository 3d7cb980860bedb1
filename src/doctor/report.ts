/** The outcome of an examination, as people and programs read it. */
import type { Client } from './client.ts';
import type { StageResult, Unchecked } from './engine.ts';
import type { Finding } from './finding.ts';

/** `healthy`: nothing keeps the chosen clients out. `failing`: something does. `not-run`: it could not be examined. */
export type Verdict = 'healthy' | 'failing' | 'not-run';

export const EXIT_CODES: Readonly<Record<Verdict, number>> = { healthy: 0, failing: 1, 'not-run': 2 };

export interface Report {
  /** The examined URL, without user, password and query. */
  readonly url: string;
  readonly clients: readonly Client[];
  readonly verdict: Verdict;
  /** What answers there, as far as it was recognised: `nginx`, `Cloudflare`, `Slipway`, ... */
  readonly fronts: readonly string[];
  /** Root causes: those that fail the chosen clients first. */
  readonly findings: readonly Finding[];
  readonly stages: readonly StageResult[];
  /** Rows that were looked for, whether they were seen or not. */
  readonly checked: readonly number[];
  readonly unchecked: readonly Unchecked[];
  /** Rows that can not be seen from outside at all. */
  readonly invisible: readonly number[];
  readonly durationMs: number;
}
