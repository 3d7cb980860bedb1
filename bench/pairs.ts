/** Interleaved pairs of two servers under the same load, and the ratio between them. */
import { type Load, type Loaded, type LoadPlan, load } from './load.ts';
import { median, medianInterval } from './statistics.ts';

/** A pair is calm when others took less than this share of our two cores. */
const CALM = 0.05;

export type PairPlan = LoadPlan & { pairs: number };

/** Ratios are subject to yardstick; latencies are medians over the pairs, in milliseconds. */
export type PairResult = {
  ratio: number;
  low: number;
  high: number;
  /** Where the true median lies with 95 % confidence. */
  interval: [low: number, high: number];
  pairs: number;
  /** Median share of our cores that others took while the kept pairs ran. */
  disturbed: number;
  subject: { p50: number; p99: number };
  yardstick: { p50: number; p99: number };
};

export type Pair = { subject: Load; yardstick: Load; disturbed: number };

/**
 * Measures `pairs` pairs after warming both up. A disturbed pair is measured again, up to as many more times; then the
 * calmest pairs are kept. The choice looks at the disturbance only, never at the ratio.
 */
export async function collectPairs(subject: Loaded, yardstick: Loaded, plan: PairPlan): Promise<Pair[]> {
  await load(yardstick, { ...plan, seconds: 1 });
  await load(subject, { ...plan, seconds: 1 });
  const measured: Pair[] = [];
  let calm = 0;
  while (calm < plan.pairs && measured.length < plan.pairs * 2) {
    const pair = await measurePair(subject, yardstick, plan, measured.length % 2 === 1);
    measured.push(pair);
    if (pair.disturbed < CALM) calm += 1;
  }
  return measured.sort((a, b) => a.disturbed - b.disturbed).slice(0, plan.pairs);
}

/** Who goes first alternates, so that a machine getting slower or faster favours neither. */
async function measurePair(subject: Loaded, yardstick: Loaded, plan: PairPlan, subjectFirst: boolean): Promise<Pair> {
  const runSubject = () => load(subject, plan);
  const runYardstick = () => load(yardstick, plan);
  const first = subjectFirst ? await runSubject() : await runYardstick();
  const second = subjectFirst ? await runYardstick() : await runSubject();
  const disturbed = Math.max(first.disturbed, second.disturbed);
  return subjectFirst
    ? { subject: first, yardstick: second, disturbed }
    : { subject: second, yardstick: first, disturbed };
}

export function summary(pairs: readonly Pair[]): PairResult {
  const ratios = pairs.map(pair => pair.subject.rate / pair.yardstick.rate);
  const latencies = (side: 'subject' | 'yardstick') => ({
    p50: median(pairs.map(pair => pair[side].p50)),
    p99: median(pairs.map(pair => pair[side].p99)),
  });
  return {
    ratio: median(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
    interval: medianInterval(ratios),
    pairs: pairs.length,
    disturbed: median(pairs.map(pair => pair.disturbed)),
    subject: latencies('subject'),
    yardstick: latencies('yardstick'),
  };
}
