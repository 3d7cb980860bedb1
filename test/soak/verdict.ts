/** What a run is held against. The reasons for the bounds are in docs/soak.md. */
import { lowerQuartile, type Sample, slopePerMinute } from './sample.ts';

export interface Check {
  readonly name: string;
  readonly value: number;
  readonly bound: number;
  readonly unit: string;
  readonly ok: boolean;
}

export interface Run {
  readonly minutes: number;
  /** Under load, one after the other. */
  readonly samples: readonly Sample[];
  /** Without load: after the first fifth, and after the last. */
  readonly warm: Sample;
  readonly end: Sample;
  /** Lines of the server's log of level error and above. */
  readonly loggedErrors: number;
  /** Of the server when it was closed. */
  readonly exit: number | string;
}

export const MEGABYTE = 1024 * 1024;

/**
 * What a value may grow by: so much whatever the time, as compilers warm up, and so much per minute, as caches that have
 * a bound of their own fill up to it; they are full at `most`. One allowance fits a run of six seconds and one of a night.
 */
export interface Allowance {
  readonly fixed: number;
  readonly perMinute: number;
  readonly most: number;
}

export const ALLOWED = {
  heapUnderLoad: { fixed: 1.25, perMinute: 0.25, most: 6 },
  heapAtRest: { fixed: 1, perMinute: 0.25, most: 4 },
  buffersAtRest: { fixed: 0.25, perMinute: 0, most: 0.25 },
  rssUnderLoad: { fixed: 10, perMinute: 1, most: 40 },
  filesUnderLoad: { fixed: 2, perMinute: 0, most: 2 },
} as const satisfies Record<string, Allowance>;

/** Times of what it was in the second fifth. */
export const LATENCY_GROWTH = 2;
/** Milliseconds that are nothing to speak of, on a machine that others use too. */
export const LATENCY_FLOOR = { p50: 5, p99: 50 };
/** Below this many minutes, a neighbour's burst of work or a large answer is all that is seen of time and resident memory. */
export const JUDGED_MINUTES = 5;

/** The first fifth warms up. */
export function samplesAfterFirstFifth({ samples, minutes }: Pick<Run, 'samples' | 'minutes'>): readonly Sample[] {
  return samples.filter(({ seconds }) => seconds > (minutes * 60) / 5);
}

export function checksOf(run: Run): Check[] {
  const { samples, minutes, warm, end } = run;
  const later = samplesAfterFirstFifth(run);
  const window = (minutes * 4) / 5;
  const growth = (name: string, grown: number, { fixed, perMinute, most }: Allowance, unit: string): Check =>
    check(name, grown, Math.min(fixed + perMinute * window, most), unit);
  const underLoad = (name: string, pick: (sample: Sample) => number, allowed: Allowance, unit: string): Check =>
    growth(name, slopePerMinute(later, pick) * window, allowed, unit);
  return [
    check('unexpected answers', end.faults, 0, ''),
    underLoad('heap, growth under load', ({ heap }) => heap / MEGABYTE, ALLOWED.heapUnderLoad, 'MB'),
    growth('heap, growth at rest', (end.heap - warm.heap) / MEGABYTE, ALLOWED.heapAtRest, 'MB'),
    growth('buffers, growth at rest', (end.external - warm.external) / MEGABYTE, ALLOWED.buffersAtRest, 'MB'),
    underLoad('files open, growth under load', ({ files }) => files, ALLOWED.filesUnderLoad, ''),
    check('descriptors, growth at rest', end.descriptors - warm.descriptors, 0, ''),
    check('handles, growth at rest', end.handles - warm.handles, 0, ''),
    check('calls, streams and connections open at rest', end.open + end.connections, 0, ''),
    check('errors in the log', run.loggedErrors, 0, ''),
    check('lines of the logs lost', end.linesLost, 0, ''),
    ...(minutes < JUDGED_MINUTES
      ? []
      : [
          underLoad('resident memory, growth under load', ({ rss }) => rss / MEGABYTE, ALLOWED.rssUnderLoad, 'MB'),
          ...latencyChecks(samples, (minutes * 60) / 5),
        ]),
    { name: 'exit code', value: Number(run.exit), bound: 0, unit: '', ok: run.exit === 0 },
  ];
}

function latencyChecks(samples: readonly Sample[], fifth: number): Check[] {
  return (['p50', 'p99'] as const).map(key => {
    const of = (part: number) =>
      samples.filter(({ seconds }) => seconds > part * fifth && seconds <= (part + 1) * fifth).map(one => one[key]);
    const bound = Math.max(LATENCY_GROWTH * lowerQuartile(of(1)), LATENCY_FLOOR[key]);
    return check(`${key} in the last fifth`, lowerQuartile(of(4)), bound, 'ms');
  });
}

function check(name: string, value: number, bound: number, unit: string): Check {
  return { name, value, bound, unit, ok: value <= bound };
}
