/** One worker as the primary sees it: from its start to its end. */
import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Taker } from './connection-dealer.ts';
import { type HandOver, handOverEnvironment } from './hand-over.ts';
import {
  type Draining,
  isReport,
  type OrderToWorker,
  type ReportFromWorker,
  type WorkerPlace,
  type WorkerQuestion,
} from './worker-messages.ts';

/** Why a worker does not serve: its own words if it found some. */
export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure';
}

export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What a worker wants of its primary. */
export interface WorkerWishes {
  /** To be replaced, because it has to end. */
  onLeaving(why: string): void;
  /** No more connections. */
  onEnough(): void;
  /** A message that is not between workers and their primary. */
  onOther?(message: unknown): void;
}

interface Asked {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

interface Given {
  settle(taken: boolean): void;
  /** Heartbeats since: a worker whose event loop turns says sooner that it has what it was given. */
  beats: number;
}

/** More than one, because one may have been on its way already. */
const BEATS_TO_TAKE = 3;
/** From the end of a process to the end of its channel. */
const CLOSING_MS = 1_000;

export function endText({ code, signal }: WorkerEnd): string {
  return signal === null ? `exit code ${code}` : signal;
}

/** A second inspector can not have the port of the first. */
function execArgv(): string[] {
  const inspects = process.execArgv.some(flag => flag.startsWith('--inspect'));
  return inspects ? [...process.execArgv, '--inspect-port=0'] : process.execArgv;
}

export class WorkerProcess implements Taker {
  readonly slot: number;
  /** Rejects with a {@link WorkerFailure} when it ends before. */
  readonly ready: Promise<WorkerPlace>;
  readonly ended: Promise<WorkerEnd>;
  isReady = false;
  /** Looks without a heartbeat in between. */
  missed = 0;
  /** It has been told to stop, or said itself that it will. */
  leaving = false;
  readonly #child: ChildProcess;
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;
  #given: Given | undefined;
  #hasEnded = false;

  constructor(handOver: HandOver, wishes: WorkerWishes) {
    this.slot = handOver.slot;
    const env = { ...process.env, ...handOverEnvironment(handOver) };
    this.#child = fork(process.argv[1]!, process.argv.slice(2), { env, execArgv: execArgv() });
    const ready = Promise.withResolvers<WorkerPlace>();
    this.ready = ready.promise;
    this.ready.catch(() => {});
    const ended = Promise.withResolvers<WorkerEnd>();
    this.ended = ended.promise;
    const onEnd = (end: WorkerEnd, why: string) => {
      this.#hasEnded = true;
      ready.reject(new WorkerFailure(why));
      for (const { reject } of this.#asked.values()) reject(new Error('it has ended'));
      this.#asked.clear();
      this.#given?.settle(false);
      ended.resolve(end);
    };
    this.#child.on('message', (message: unknown) => {
      if (!isReport(message)) return wishes.onOther?.(message);
      this.missed = 0;
      if (message.slipway === 'taken') this.#given?.settle(true);
      else if (message.slipway === 'heartbeat') this.#beat();
      else if (message.slipway === 'answer') this.#answered(message);
      else if (message.slipway === 'enough') wishes.onEnough();
      else if (message.slipway === 'leaving') wishes.onLeaving(message.why);
      else if (message.slipway === 'failed') ready.reject(new WorkerFailure(message.text));
      else {
        this.isReady = true;
        ready.resolve(message.place);
      }
    });
    this.#child.once('exit', (code, signal) => {
      const end = { code, signal };
      const why = `it ended before it was ready (${endText(end)})`;
      // What it said last is read before the channel closes, which something that it has left behind may hold open.
      const timer = setTimeout(() => onEnd(end, why), CLOSING_MS);
      this.#child.once('close', () => {
        clearTimeout(timer);
        onEnd(end, why);
      });
    });
    // Sending to one that has just ended is no fault: that it has ended is told by its exit. One that could not be
    // started has none.
    this.#child.on('error', error => {
      if (this.#child.pid === undefined)
        onEnd({ code: null, signal: null }, `it can not be started (${error.message})`);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  give(socket: Socket): Promise<boolean> {
    return new Promise(resolve => {
      if (this.#hasEnded || !this.#child.connected) return resolve(false);
      this.#given = {
        beats: 0,
        settle: taken => {
          this.#given = undefined;
          resolve(taken);
        },
      };
      this.#child.send({ slipway: 'connection' } satisfies OrderToWorker, socket, { keepOpen: true }, () => {});
    });
  }

  /** No connection comes after this. */
  last(): void {
    this.#send({ slipway: 'last' });
  }

  /** Has it stop once its calls are answered. */
  drain(draining: Draining): void {
    this.leaving = true;
    this.#send({ slipway: 'drain', ...draining });
  }

  /** @param signal default: the one that ends it at once */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal);
  }

  /** Rejects when it does not answer in time, or can not. */
  ask(what: WorkerQuestion, withinMs: number): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(id)?.reject(new Error(`no answer within ${withinMs} ms`)), withinMs);
      this.#asked.set(id, {
        resolve: value => {
          clearTimeout(timer);
          resolve(value);
        },
        reject: error => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.#send({ slipway: 'ask', id, what });
    });
  }

  /** A connection that never arrives (the worker is out of descriptors) is for another. */
  #beat(): void {
    if (this.#given !== undefined && ++this.#given.beats >= BEATS_TO_TAKE) this.#given.settle(false);
  }

  #settle(id: number): Asked | undefined {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    return asked;
  }

  #answered({ id, value, fault }: Extract<ReportFromWorker, { slipway: 'answer' }>): void {
    const asked = this.#settle(id);
    if (fault === undefined) asked?.resolve(value);
    else asked?.reject(new Error(fault));
  }

  #send(order: OrderToWorker): void {
    if (this.#child.connected) this.#child.send(order, () => {});
  }
}
