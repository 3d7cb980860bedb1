/** One of the places for workers: it has a process that serves, or one that is about to. */
import type { Logger } from '../../server/logger.ts';
import { Backoff } from './backoff.ts';
import type { ConnectionDealer } from './connection-dealer.ts';
import type { HandOver } from './hand-over.ts';
import type { Draining, WorkerPlace } from './worker-messages.ts';
import { endText, type WorkerEnd, WorkerFailure, WorkerProcess } from './worker-process.ts';

const LEAST_BACKOFF_MS = 100;
const MOST_BACKOFF_MS = 10_000;
/** A worker that served this long did not fail because of how it starts. */
const STEADY_MS = 10_000;

/** Another process of this slot takes what comes. */
const REPLACED: Draining = { hurry: false, keepAccepting: false };

export interface SlotSettings {
  readonly logger: Logger;
  readonly dealer: ConnectionDealer;
  /** Milliseconds that a worker has until it is ready. */
  readonly startTimeoutMs: number;
}

export class WorkerSlot {
  readonly #handOver: HandOver;
  readonly #settings: SlotSettings;
  /** Every process of this slot that has not ended; of several, one serves. */
  readonly #processes = new Set<WorkerProcess>();
  #serving: WorkerProcess | undefined;
  #servingSince = 0;
  #starting: Promise<WorkerPlace> | undefined;
  readonly #backoff = new Backoff(LEAST_BACKOFF_MS, MOST_BACKOFF_MS);
  #restart: NodeJS.Timeout | undefined;
  #stopped = false;
  /** What the process said that became ready last. */
  place: WorkerPlace | undefined;
  /** Processes that ended without having been asked to. */
  crashes = 0;

  constructor(handOver: HandOver, settings: SlotSettings) {
    this.#handOver = handOver;
    this.#settings = settings;
  }

  get number(): number {
    return this.#handOver.slot;
  }

  get serving(): WorkerProcess | undefined {
    return this.#serving;
  }

  /** Starts a process; once it is ready, the one that has served until now is told to stop. */
  start(): Promise<WorkerPlace> {
    if (this.#stopped) return Promise.reject(new WorkerFailure('the workers are being stopped'));
    clearTimeout(this.#restart);
    this.#restart = undefined;
    return (this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    }));
  }

  async #start(): Promise<WorkerPlace> {
    const { dealer } = this.#settings;
    const process = new WorkerProcess(this.#handOver, {
      onLeaving: why => this.#leaves(process, why),
      onEnough: () => dealer.leave(process, () => process.last()),
    });
    this.#processes.add(process);
    void process.ended.then(end => this.#ended(process, end));
    const late = setTimeout(() => {
      const ms = this.#settings.startTimeoutMs;
      this.#log('error', process, `not ready within ${ms} ms: it is killed`);
      process.kill();
    }, this.#settings.startTimeoutMs);
    try {
      const place = await process.ready;
      const before = this.#serving;
      this.#serving = process;
      this.#servingSince = performance.now();
      this.place = place;
      dealer.join(process);
      for (const other of this.#processes) {
        if (other === process || !(other === before || other.leaving)) continue;
        dealer.drop(other);
        other.drain(REPLACED);
      }
      return place;
    } catch (error) {
      process.leaving = true;
      process.kill();
      throw error;
    } finally {
      clearTimeout(late);
    }
  }

  /** Starts a fresh process in place of the one that serves, and waits until that one is gone. */
  async replace(): Promise<void> {
    // One that is being started may have read the files before they were changed.
    await this.#starting?.catch(() => {});
    const before = [...this.#processes];
    try {
      await this.start();
    } catch (error) {
      if (this.#serving === undefined) this.startLater();
      throw error;
    }
    await Promise.all(before.map(({ ended }) => ended));
  }

  /** Starts a process after a while, again and again until one is ready. */
  startLater(): void {
    if (this.#stopped || this.#restart !== undefined || this.#starting !== undefined) return;
    const inMs = this.#backoff.next();
    this.#settings.logger.info({ slot: this.number, inMs }, `worker ${this.number} is started again`);
    this.#restart = setTimeout(() => {
      this.#restart = undefined;
      this.start().then(
        () => this.#log('info', this.#serving, 'serves again'),
        error => {
          const why = (error as Error).message.trim();
          this.#settings.logger.error({ slot: this.number, why }, 'a worker does not start');
          this.startLater();
        },
      );
    }, inMs);
  }

  /** It ends by itself soon; until then, or until its successor is ready, it serves on. */
  #leaves(process: WorkerProcess, why: string): void {
    if (process.leaving) return;
    process.leaving = true;
    this.crashes++;
    this.#settings.dealer.drop(process);
    this.#log('warn', process, `leaves: ${why}`);
    if (process === this.#serving) this.#vacate();
  }

  #ended(process: WorkerProcess, end: WorkerEnd): void {
    this.#processes.delete(process);
    this.#settings.dealer.drop(process);
    if (process !== this.#serving) return;
    if (!this.#stopped && !process.leaving) {
      this.crashes++;
      this.#log('error', process, `ended unexpectedly: ${endText(end)}`);
    }
    this.#vacate();
  }

  #vacate(): void {
    this.#serving = undefined;
    if (performance.now() - this.#servingSince >= STEADY_MS) this.#backoff.reset();
    this.startLater();
  }

  /** Counts a look at its processes; kills one that has not said for `limit` of them that its event loop turns. */
  look(limit: number): void {
    for (const process of this.#processes) {
      if (!process.isReady || ++process.missed <= limit) continue;
      this.#log('error', process, 'hangs (its event loop does not turn) and is killed');
      process.kill();
    }
  }

  /** Has all processes stop, and resolves when they have ended. */
  async stop(draining: Draining): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#restart);
    for (const process of this.#processes) {
      // One that does not serve yet has nothing to finish.
      if (process === this.#serving || process.leaving) process.drain(draining);
      else process.kill();
    }
    await Promise.all([...this.#processes].map(({ ended }) => ended));
  }

  kill(): void {
    this.#stopped = true;
    clearTimeout(this.#restart);
    for (const process of this.#processes) process.kill();
  }

  /** Sends a signal to every process. */
  signal(signal: NodeJS.Signals): void {
    for (const process of this.#processes) if (process.isReady) process.kill(signal);
  }

  #log(level: 'info' | 'warn' | 'error', process: WorkerProcess | undefined, what: string): void {
    this.#settings.logger[level]({ slot: this.number, workerPid: process?.pid }, `worker ${this.number} ${what}`);
  }
}
