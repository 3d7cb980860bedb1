/** What the engine knows of a probe. */
import type { Effect, Stage } from './catalogue/catalogue-entry.ts';
import type { Evidence } from './evidence.ts';
import type { Examination } from './examination.ts';

/**
 * What has to be there before a probe can say anything.
 *
 * - `write`: `--write` was given; the probe leaves state or adds load.
 * - `token`: `--bearer` was given.
 * - `mcp`: the endpoint answers MCP requests, without sign-in or with the credentials given (observations/access.ts).
 * - `user`: somebody who signs in and consents, which the doctor never has: such rows are told as not checked.
 * - `oauth`: the server asks for sign-in, or publishes resource metadata (observations/access.ts).
 */
export type Need = 'write' | 'token' | 'mcp' | 'oauth' | 'user';

/** A row of the catalogue, seen. */
export interface Sighting {
  readonly row: number;
  /** What shows it, the most telling first; secrets are hidden by the engine. */
  readonly evidence: readonly Evidence[];
  /** What is special about this case, in one sentence. */
  readonly note?: string;
  /** Where this case is milder or worse than the row's own effect. */
  readonly effect?: Effect;
  /** Rows that follow from this sighting, beside those that the entry explains. */
  readonly explains?: readonly number[];
}

/**
 * Looks for one or a few rows. A new row is one catalogue entry and one probe in the list of its stage
 * (probes/<stage>/<stage>-probes.ts); the engine knows neither.
 */
export interface Probe {
  /** A few words: `both forms of the path`. Shown as progress, unique. */
  readonly name: string;
  readonly stage: Stage;
  /** The rows that it can report, and no others. */
  readonly rows: readonly number[];
  readonly needs?: readonly Need[];
  /** Runs when no other probe does: it loads the server, or measures how fast it is. */
  readonly alone?: boolean;
  /** Runs alone, behind all stages: after it the server may refuse what would come next. */
  readonly last?: boolean;
  /** Keeps a stream open for `limits.holdMs`, for which the engine waits as well. */
  readonly holds?: boolean;
  /**
   * Only sightings that are certain: a false alarm is worse than a miss. What throws is told as 'could not be checked'
   * and ends nothing else. Ends by itself within the limits; the engine waits no longer than `limits.probeMs`.
   */
  run(examination: Examination): Promise<readonly Sighting[]>;
}
