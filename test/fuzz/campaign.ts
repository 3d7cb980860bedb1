/** Fires inputs at a target, several at a time, and keeps count. */
import { setTimeout as pause } from 'node:timers/promises';
import { exchange } from './exchange.ts';
import { type FuzzInput, generate } from './generate.ts';
import type { TargetMeasure, TargetProcess } from './target-process.ts';
import { type Finding, type FindingKind, judge } from './verdict.ts';

/** Memory may grow by this much after the warm-up: caches and pools, not what inputs left behind. */
const ALLOWED_GROWTH_BYTES = 6 * 1024 * 1024;

const CONCURRENCY = 16;

/** The end of the process is told a little later than the end of its connections. */
const EXIT_NOTICE_MS = 100;

export interface CampaignOptions {
  readonly seed: number;
  /** Inputs in all, the warm-up included. */
  readonly inputs: number;
  /** Inputs before memory is first measured; default a third. */
  readonly warmUp?: number;
  /** Ends early when true. */
  readonly isOver?: () => boolean;
  /** The first finding of this kind ends the campaign. */
  readonly stopsAt?: FindingKind;
}

export interface NumberedFinding extends Finding {
  /** The input; undefined where no single one is to blame. */
  readonly input: FuzzInput | undefined;
}

export interface CampaignReport {
  readonly inputs: number;
  /** How many inputs reached dispatch. */
  readonly dispatched: number;
  /** How often each status was answered; 0 stands for a connection closed without an answer. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly findings: readonly NumberedFinding[];
  readonly before: TargetMeasure | undefined;
  readonly after: TargetMeasure | undefined;
}

export async function runCampaign(target: TargetProcess, options: CampaignOptions): Promise<CampaignReport> {
  const { seed, inputs, isOver = () => false, stopsAt } = options;
  const statuses = new Map<number, number>();
  const findings: NumberedFinding[] = [];
  const inFlight = new Map<number, FuzzInput>();
  let next = 0;

  const stops = (): boolean =>
    isOver() || target.ended() !== undefined || findings.some(({ kind }) => kind === stopsAt);

  const fireUntil = async (end: number): Promise<void> => {
    while (next < end && !stops()) {
      const number = next++;
      const input = generate(seed, number, target.port);
      inFlight.set(number, input);
      const seen = await exchange(input, target.port);
      // A process that ends takes all connections with it; which inputs may be to blame is told below.
      if (seen.answers.length === 0 && input.isFramed) await pause(EXIT_NOTICE_MS);
      if (target.ended() !== undefined) return;
      inFlight.delete(number);
      const status = seen.answers[0]?.status ?? 0;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      let finding = judge(input, seen);
      // On a busy machine anything may stand still for once; an input that is to blame does it again.
      if (finding?.kind === 'hang') finding = judge(input, await exchange(input, target.port));
      if (finding !== undefined) findings.push({ ...finding, input });
    }
  };
  const fire = (end: number) => Promise.all(Array.from({ length: CONCURRENCY }, () => fireUntil(end)));

  await fire(options.warmUp ?? Math.ceil(inputs / 3));
  const before = stops() ? undefined : await target.measure();
  await fire(inputs);
  const ended = target.ended();
  const after = ended === undefined ? await target.measure() : undefined;

  if (ended !== undefined) {
    const suspects = [...inFlight.values()].map(input => `${input.number} (${input.label})`).join(', ');
    findings.push({
      kind: 'crash',
      detail: `the process ended with ${ended}; inputs in flight: ${suspects}`,
      input: undefined,
    });
  }
  if (before !== undefined && after !== undefined) {
    const growth = after.heldBytes - before.heldBytes;
    if (growth > ALLOWED_GROWTH_BYTES) {
      findings.push({ kind: 'memory', detail: `${growth} bytes more than after the warm-up`, input: undefined });
    }
    if (after.sockets > 0) {
      findings.push({ kind: 'memory', detail: `${after.sockets} connections are still open`, input: undefined });
    }
  }
  return { inputs: next, dispatched: after?.dispatched ?? 0, statuses, findings, before, after };
}
