/** Runs probes, stage by stage, and keeps what they saw. It knows neither rows nor probes. */
import type { Stage } from './catalogue/catalogue-entry.ts';
import type { Examination } from './examination.ts';
import { unmetNeed } from './needs.ts';
import type { Probe, Sighting } from './probe.ts';
import type { StagePlan } from './stage-plan.ts';

/** A probe that could not say anything, and why. */
export interface Unchecked {
  readonly probe: string;
  readonly stage: Stage;
  readonly rows: readonly number[];
  readonly why: string;
  /** It was tried and failed, rather than left out. */
  readonly failed: boolean;
}

export interface StageResult {
  readonly stage: Stage;
  /** `blocked` is the first that could not be examined; `skipped` are those behind it. */
  readonly state: 'examined' | 'blocked' | 'skipped';
  readonly why?: string;
}

export interface Outcome {
  readonly sightings: readonly Sighting[];
  readonly unchecked: readonly Unchecked[];
  /** Rows that were looked for, whether they were seen or not. */
  readonly checked: readonly number[];
  readonly stages: readonly StageResult[];
}

/** What is told while it runs. */
export interface Progress {
  stageBegins?(stage: Stage): void;
  probeBegins?(probe: Probe): void;
  probeEnds?(probe: Probe, sightings: readonly Sighting[]): void;
  stageEnds?(result: StageResult): void;
}

type ProbeResult = { readonly sightings: readonly Sighting[] } | { readonly unchecked: Unchecked };

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 300) : String(error);
}

/** Waits no longer than the bound, and not for a run that was ended. */
async function bounded<T>(work: Promise<T>, ms: number, signal: AbortSignal): Promise<T> {
  work.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${ms} ms`)), ms);
    onAbort = () => reject(new Error('the examination was ended before'));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort!);
  }
}

class Engine {
  readonly #examination: Examination;
  readonly #progress: Progress;
  readonly #signal: AbortSignal;
  readonly sightings: Sighting[] = [];
  readonly unchecked: Unchecked[] = [];
  readonly checked = new Set<number>();

  constructor(examination: Examination, progress: Progress, signal: AbortSignal) {
    this.#examination = examination;
    this.#progress = progress;
    this.#signal = signal;
  }

  async stage({ probes, opening }: StagePlan): Promise<void> {
    const { limits } = this.#examination;
    if (opening !== undefined) {
      await bounded(opening(this.#examination), limits.probeMs, this.#signal).catch(() => {});
    }
    const now = probes.filter(({ last }) => last !== true);
    await Promise.all(now.filter(({ alone }) => alone !== true).map(probe => this.#keep(probe)));
    for (const probe of now) if (probe.alone === true) await this.#keep(probe);
  }

  /** What a stage left for the end. */
  async rest({ probes }: StagePlan): Promise<void> {
    for (const probe of probes) if (probe.last === true) await this.#keep(probe);
  }

  async #keep(probe: Probe): Promise<void> {
    this.#progress.probeBegins?.(probe);
    const result = await this.#run(probe);
    if ('unchecked' in result) this.unchecked.push(result.unchecked);
    else {
      this.sightings.push(...result.sightings);
      for (const row of probe.rows) this.checked.add(row);
    }
    this.#progress.probeEnds?.(probe, 'unchecked' in result ? [] : result.sightings);
  }

  async #run(probe: Probe): Promise<ProbeResult> {
    const { name, stage, rows } = probe;
    const unchecked = (why: string, failed: boolean) => ({ unchecked: { probe: name, stage, rows, why, failed } });
    const { limits } = this.#examination;
    const probeMs = limits.probeMs + (probe.holds === true ? limits.holdMs : 0);
    try {
      const unmet = await bounded(unmetNeed(this.#examination, probe.needs ?? []), probeMs, this.#signal);
      if (unmet !== undefined) return unmet.kind === 'void' ? { sightings: [] } : unchecked(unmet.why, false);
      const sightings = await bounded(probe.run(this.#examination), probeMs, this.#signal);
      const foreign = sightings.find(({ row }) => !rows.includes(row));
      if (foreign !== undefined)
        throw new Error(`the probe '${name}' reports row ${foreign.row}, which is not its own`);
      return { sightings };
    } catch (error) {
      return unchecked(`could not be checked: ${reasonOf(error)}`, true);
    }
  }
}

async function blockOf(plan: StagePlan, examination: Examination, signal: AbortSignal): Promise<string | undefined> {
  if (signal.aborted) return 'the examination was ended, or its time was up';
  try {
    return await bounded(plan.blocked?.(examination) ?? Promise.resolve(undefined), examination.limits.probeMs, signal);
  } catch (error) {
    return `it could not be seen whether there is anything to examine: ${reasonOf(error)}`;
  }
}

/**
 * Examines stage after stage, each only if the former allow. Never throws for what a server or a probe does.
 *
 * @param plans in order
 */
export async function examineStages(
  plans: readonly StagePlan[],
  examination: Examination,
  progress: Progress = {},
): Promise<Outcome> {
  const { limits, options } = examination;
  const over = AbortSignal.timeout(limits.runMs + (options.write === true ? limits.holdMs : 0));
  const given = options.signal;
  const signal = given === undefined ? over : AbortSignal.any([over, given]);
  const engine = new Engine(examination, progress, signal);
  const stages: StageResult[] = [];
  const examined: StagePlan[] = [];
  let blocked = false;
  for (const plan of plans) {
    const { stage } = plan;
    const why = blocked ? undefined : await blockOf(plan, examination, signal);
    if (blocked || why !== undefined) {
      stages.push({ stage, state: blocked ? 'skipped' : 'blocked', ...(why !== undefined && { why }) });
      blocked = true;
    } else {
      progress.stageBegins?.(stage);
      await engine.stage(plan);
      examined.push(plan);
      stages.push({ stage, state: 'examined' });
    }
    progress.stageEnds?.(stages.at(-1)!);
  }
  for (const plan of examined) await engine.rest(plan);
  const { sightings, unchecked } = engine;
  return { sightings, unchecked, checked: [...engine.checked].sort((one, other) => one - other), stages };
}
