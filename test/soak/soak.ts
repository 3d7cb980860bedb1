/** One run: a server in a process of its own, load from this one, and a look at both now and then. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gaugesOf } from './gauges.ts';
import { Load } from './load.ts';
import { Logs } from './logs.ts';
import type { PlantedLeak } from './planted-leak.ts';
import type { Sample } from './sample.ts';
import { ServerProcess } from './server-process.ts';
import { type Fault, Tally } from './tally.ts';
import { type Check, checksOf, type Run } from './verdict.ts';

export interface SoakOptions {
  /** Of load. */
  readonly minutes: number;
  /** What the server does wrong; default: nothing. */
  readonly plant?: readonly PlantedLeak[];
  /** Times of the usual rate; default 1. */
  readonly rate?: number;
  /** Gets every sample as it is taken. */
  readonly onSample?: (sample: Sample, phase: Phase) => void;
}

export type Phase = 'load' | 'rest';

export interface SoakReport extends Run {
  readonly plant: readonly PlantedLeak[];
  readonly requests: number;
  /** How often each kind of visit ended well. */
  readonly visits: ReadonlyMap<string, number>;
  /** Visits that did not begin since too many of their kind were on their way. */
  readonly skipped: number;
  readonly checks: readonly Check[];
  readonly ok: boolean;
  /** The first unexpected answers. */
  readonly faults: readonly Fault[];
  /** The first errors of the server's log, and the end of what it wrote to stderr. */
  readonly log: string;
}

/** How long what streams and sessions leave behind is kept: as long as a client may take to come back to it. */
const LEAST_KEEP_MS = 10_000;
const MOST_KEEP_MS = 60_000;
const SAMPLE_MS = 10_000;
/** Samples of a short run: a slope needs some. */
const LEAST_SAMPLES = 20;
/** After this, whatever is still open stays open. */
const LEAST_REST_MS = 3_000;
const MOST_REST_MS = 10_000;

function between(least: number, wanted: number, most: number): number {
  return Math.round(Math.max(least, Math.min(most, wanted)));
}

/** @throws Error when the server ends before the run does */
export async function soak({ minutes, plant = [], rate = 1, onSample }: SoakOptions): Promise<SoakReport> {
  const total = minutes * 60_000;
  const directory = await mkdtemp(join(tmpdir(), 'slipway-soak-'));
  const keepMs = between(LEAST_KEEP_MS, total / 10, MOST_KEEP_MS);
  const server = await ServerProcess.start({ directory, plant, keepMs });
  try {
    const tally = new Tally();
    const load = new Load({ port: server.port, tally, rate, holdMs: Math.min(keepMs / 10, total / 10) });
    const watch = new Watch(server, tally, new Logs(directory), onSample);
    const every = Math.min(SAMPLE_MS, total / LEAST_SAMPLES);
    await watch.during(load, total / 5, every);
    const restMs = between(LEAST_REST_MS, total / 10, MOST_REST_MS);
    const warm = await watch.rest(restMs);
    await watch.during(load, (total * 4) / 5, every);
    const end = await watch.rest(restMs);
    const exit = await server.close();
    await watch.logs.finish();
    const run: Run = { minutes, samples: watch.samples, warm, end, exit, loggedErrors: watch.logs.errors };
    const checks = checksOf(run);
    const ok = checks.every(check => check.ok);
    const { requests, visits, skipped } = tally;
    const log = [...watch.logs.kept, server.stderr].join('\n');
    return { ...run, plant, requests, visits, skipped, faults: tally.kept, checks, ok, log };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`the run broke off: ${why}\n${server.stderr}`, { cause: error });
  } finally {
    await server.kill();
    await rm(directory, { recursive: true, force: true });
  }
}

class Watch {
  readonly samples: Sample[] = [];
  readonly logs: Logs;
  readonly #server: ServerProcess;
  readonly #tally: Tally;
  readonly #onSample: SoakOptions['onSample'];
  /** Milliseconds of load in the phases before. */
  #loaded = 0;
  #lastAt = 0;
  #lastRequests = 0;

  constructor(server: ServerProcess, tally: Tally, logs: Logs, onSample: SoakOptions['onSample']) {
    this.#server = server;
    this.#tally = tally;
    this.logs = logs;
    this.#onSample = onSample;
  }

  /** Holds the load for so long, and takes samples. */
  async during(load: Load, ms: number, every: number): Promise<void> {
    const start = performance.now();
    this.#lastAt = start;
    this.#lastRequests = this.#tally.requests;
    load.start();
    try {
      for (let next = every; next <= ms + every / 2; next += every) {
        await sleep(Math.max(0, start + next - performance.now()));
        const sample = await this.#sample(false, this.#loaded + next);
        this.samples.push(sample);
        this.#onSample?.(sample, 'load');
        await this.logs.rotate(() => this.#server.reopen());
      }
    } finally {
      await load.stop();
    }
    this.#loaded += ms;
  }

  /** Waits until nothing is open any more, within reason, and looks closely. */
  async rest(withinMs: number): Promise<Sample> {
    this.#tally.recent.reset();
    const end = performance.now() + withinMs;
    let sample = await this.#sample(true, this.#loaded);
    while (sample.open + sample.connections > 0 && performance.now() < end) {
      await sleep(250);
      sample = await this.#sample(true, this.#loaded);
    }
    this.#onSample?.(sample, 'rest');
    return sample;
  }

  async #sample(settled: boolean, loadedMs: number): Promise<Sample> {
    const tally = this.#tally;
    const now = performance.now();
    const perSecond = ((tally.requests - this.#lastRequests) * 1000) / Math.max(1, now - this.#lastAt);
    this.#lastAt = now;
    this.#lastRequests = tally.requests;
    const { recent, faults } = tally;
    const [p50, p99] = [recent.percentile(50), recent.percentile(99)];
    recent.reset();
    const gauges = await gaugesOf(this.#server.adminUrl);
    const measure = await this.#server.measure(settled);
    const { stateSize: state } = this.#server;
    return {
      ...measure,
      ...gauges,
      seconds: loadedMs / 1000,
      perSecond,
      p50,
      p99,
      faults,
      ...this.#server.descriptors(),
      state,
    };
  }
}
