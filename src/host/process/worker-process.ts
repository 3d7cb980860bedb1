/** One worker as the primary sees it: from its start to its end. */
import cluster, { type Worker } from 'node:cluster';
import { type HandOver, handOverEnvironment } from './hand-over.ts';
import {
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

interface Asked {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export function endText({ code, signal }: WorkerEnd): string {
  return signal === null ? `exit code ${code}` : signal;
}

export class WorkerProcess {
  readonly slot: number;
  readonly startedAt = performance.now();
  /** Rejects with a {@link WorkerFailure} when it ends before. */
  readonly ready: Promise<WorkerPlace>;
  readonly ended: Promise<WorkerEnd>;
  isReady = false;
  /** Looks without a heartbeat in between. */
  missed = 0;
  /** It has been told to stop, or said itself that it will. */
  leaving = false;
  readonly #worker: Worker;
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;

  /** @param onLeaving hears why it wants to be replaced */
  constructor(handOver: HandOver, onLeaving: (why: string) => void) {
    this.slot = handOver.slot;
    this.#worker = cluster.fork(handOverEnvironment(handOver));
    // Sending to one that has just ended is no fault; that it has ended is told by its exit.
    this.#worker.on('error', () => {});
    const ready = Promise.withResolvers<WorkerPlace>();
    this.ready = ready.promise;
    this.ready.catch(() => {});
    this.#worker.on('message', (message: unknown) => {
      if (!isReport(message)) return;
      this.missed = 0;
      if (message.slipway === 'ready') {
        this.isReady = true;
        ready.resolve(message.place);
      } else if (message.slipway === 'failed') ready.reject(new WorkerFailure(message.text));
      else if (message.slipway === 'leaving') onLeaving(message.why);
      else if (message.slipway === 'answer') this.#answered(message);
    });
    this.ended = new Promise(resolve => {
      this.#worker.once('exit', (code: number | null, signal: string | null) => {
        const end = { code, signal };
        // Its last message may still be on its way.
        setImmediate(() => {
          ready.reject(new WorkerFailure(`it ended before it was ready (${endText(end)})`));
          for (const { reject } of this.#asked.values()) reject(new Error('it has ended'));
          this.#asked.clear();
          resolve(end);
        });
      });
    });
  }

  get pid(): number {
    return this.#worker.process.pid ?? 0;
  }

  /** Has it stop once its calls are answered. */
  drain(hurry: boolean): void {
    this.leaving = true;
    this.#send({ slipway: 'drain', hurry });
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
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
    if (this.#worker.isConnected()) this.#worker.send(order, () => {});
  }
}
