/**
 * Several processes behind one port: started, replaced when they end, reloaded one after the other. The process that
 * has them never loads the server file; it accepts connections and hands them round.
 */
import type { Logger } from '../../server/logger.ts';
import type { ConnectionDealer } from './connection-dealer.ts';
import type { HandOver } from './hand-over.ts';
import {
  type Draining,
  HEARTBEAT_MS,
  type PrimarySettings,
  type WorkerPlace,
  type WorkerQuestion,
} from './worker-messages.ts';
import { WorkerFailure } from './worker-process.ts';
import { WorkerSlot } from './worker-slot.ts';

export interface WorkersOptions {
  /** How many; at least 1. */
  readonly count: number;
  /** What every worker is told, but for its number. */
  readonly handOver: Omit<HandOver, 'slot'>;
  /** Gives them their connections. */
  readonly dealer: ConnectionDealer;
  readonly logger: Logger;
  /** Milliseconds without a heartbeat after which a worker counts as hung; default 30,000. */
  readonly heartbeatTimeoutMs?: number;
  /** Milliseconds that a worker has until it is ready; default 60,000. */
  readonly startTimeoutMs?: number;
}

/** The answer of one worker; without a value where it had none to give. */
export interface WorkerAnswer {
  readonly slot: number;
  readonly pid: number;
  readonly value?: unknown;
  readonly fault?: string;
}

const HEARTBEAT_TIMEOUT_MS = 30_000;
const START_TIMEOUT_MS = 60_000;
/** Less than a scrape or a probe waits. */
const ANSWER_TIMEOUT_MS = 2_000;

export class Workers {
  readonly #slots: WorkerSlot[] = [];
  readonly #options: WorkersOptions;
  #looking: NodeJS.Timeout | undefined;
  #reloading: Promise<boolean> | undefined;
  #again = false;
  #stopping = false;
  /** Slots that are no more, whose processes may still have calls in flight. */
  readonly #former: WorkerSlot[] = [];

  constructor(options: WorkersOptions) {
    this.#options = options;
    while (this.count < options.count) this.#add();
  }

  /** How many there should be. */
  get count(): number {
    return this.#slots.length;
  }

  /** How many ended without having been asked to. */
  get crashes(): number {
    return this.#all.reduce((sum, { crashes }) => sum + crashes, 0);
  }

  /** Milliseconds that they may take to stop. */
  get stopMs(): number {
    return Math.max(0, ...this.#slots.map(({ place }) => place?.stopMs ?? 0));
  }

  /** What the configuration says now, as the worker has read it that started last. */
  get settings(): PrimarySettings | undefined {
    return this.#slots[0]?.place?.settings;
  }

  get #all(): readonly WorkerSlot[] {
    return [...this.#slots, ...this.#former];
  }

  #add(): WorkerSlot {
    const { handOver, logger, dealer, startTimeoutMs = START_TIMEOUT_MS } = this.#options;
    const slot = new WorkerSlot({ slot: this.count + 1, ...handOver }, { logger, dealer, startTimeoutMs });
    this.#slots.push(slot);
    return slot;
  }

  /**
   * Starts them all.
   *
   * @returns what the first says that is ready, once each is ready or has failed; those that failed are tried again
   * @throws WorkerFailure of the first, when none became ready
   */
  async start(): Promise<WorkerPlace> {
    const outcomes = await this.#startAll(this.#slots);
    const first = outcomes.find(outcome => outcome.status === 'fulfilled');
    if (first === undefined) throw (outcomes[0] as PromiseRejectedResult).reason;
    const { heartbeatTimeoutMs = HEARTBEAT_TIMEOUT_MS } = this.#options;
    // Looks are counted rather than milliseconds: after the machine has slept, nobody hangs.
    const everyMs = Math.min(HEARTBEAT_MS, heartbeatTimeoutMs / 2);
    const limit = Math.ceil(heartbeatTimeoutMs / everyMs);
    this.#looking = setInterval(() => {
      for (const slot of this.#all) slot.look(limit);
    }, everyMs);
    return first.value;
  }

  /** Where one of them is ready, the others are tried again. */
  async #startAll(slots: readonly WorkerSlot[]): Promise<PromiseSettledResult<WorkerPlace>[]> {
    const outcomes = await Promise.allSettled(slots.map(slot => slot.start()));
    if (this.#slots.every(({ serving }) => serving === undefined)) return outcomes;
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') continue;
      this.#options.logger.error({ slot: slots[at]!.number, why: textOf(outcome.reason) }, 'a worker does not start');
      slots[at]!.startLater();
    }
    return outcomes;
  }

  /**
   * Replaces every worker by one that has loaded the server file and the configuration afresh, one after the other; while
   * this runs, further calls make it run once more. Then there are as many as the configuration says now. Never rejects.
   *
   * @returns false where a new worker did not become ready: those not yet replaced stay, and the log says why
   */
  async reload(): Promise<boolean> {
    if (this.#reloading !== undefined) {
      this.#again = true;
      return this.#reloading;
    }
    this.#reloading = this.#reload().finally(() => {
      this.#reloading = undefined;
    });
    return this.#reloading;
  }

  async #reload(): Promise<boolean> {
    let succeeded: boolean;
    do {
      this.#again = false;
      succeeded = await this.#replaceAll();
    } while (this.#again && !this.#stopping);
    return succeeded;
  }

  async #replaceAll(): Promise<boolean> {
    const { logger } = this.#options;
    for (const slot of this.#slots) {
      if (this.#stopping) return false;
      try {
        await slot.replace();
      } catch (error) {
        if (this.#stopping) return false;
        const what = 'reload given up: the new worker does not become ready, the others stay as they are';
        logger.error({ slot: slot.number, why: textOf(error) }, what);
        return false;
      }
    }
    await this.#resize(this.settings?.workers ?? this.count);
    if (this.#stopping) return false;
    logger.info({ workers: this.count }, 'reloaded');
    return true;
  }

  async #resize(count: number): Promise<void> {
    const added: WorkerSlot[] = [];
    while (this.count < count && !this.#stopping) added.push(this.#add());
    await this.#startAll(added);
    const removed = this.#stopping ? [] : this.#slots.splice(count);
    this.#former.push(...removed);
    await Promise.all(removed.map(slot => slot.stop({ hurry: false, keepAccepting: false })));
  }

  /** Has them all stop at the same time; resolves when they have ended. */
  async stop(draining: Draining): Promise<void> {
    const { dealer } = this.#options;
    this.#stopping = true;
    if (draining.keepAccepting) dealer.retire();
    else dealer.close();
    await Promise.all(this.#all.map(slot => slot.stop(draining)));
    clearInterval(this.#looking);
  }

  /** Ends them at once. */
  kill(): void {
    this.#stopping = true;
    for (const slot of this.#all) slot.kill();
  }

  /** Sends a signal to those that serve. */
  signal(signal: NodeJS.Signals): void {
    for (const slot of this.#all) slot.signal(signal);
  }

  /** What each worker has counted (`Sight.metrics()` there); workers that do not answer in time are left out. */
  async metrics(): Promise<unknown[]> {
    const answers = await this.#askAll('metrics');
    return answers.filter(({ fault }) => fault === undefined).map(({ value }) => value);
  }

  /** The readiness report of each place for a worker, with the fault where there is none. */
  health(): Promise<readonly WorkerAnswer[]> {
    return this.#askAll('health');
  }

  #askAll(what: WorkerQuestion): Promise<WorkerAnswer[]> {
    return Promise.all(
      this.#slots.map(async ({ number, serving }): Promise<WorkerAnswer> => {
        if (serving === undefined) return { slot: number, pid: 0, fault: 'no process serves' };
        const { pid } = serving;
        try {
          return { slot: number, pid, value: await serving.ask(what, ANSWER_TIMEOUT_MS) };
        } catch (error) {
          return { slot: number, pid, fault: textOf(error) };
        }
      }),
    );
  }
}

function textOf(error: unknown): string {
  if (error instanceof WorkerFailure) return error.message.trim();
  return error instanceof Error ? error.message : String(error);
}
