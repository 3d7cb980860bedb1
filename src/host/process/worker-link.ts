/** The primary as a worker sees it. */
import type { Socket } from 'node:net';
import type { ConnectionSource, ListenedAddress } from '../../transport/http/connection-source.ts';
import {
  type Draining,
  HEARTBEAT_MS,
  isOrder,
  type OrderToWorker,
  type ReportFromWorker,
  type WorkerPlace,
  type WorkerQuestion,
} from './worker-messages.ts';

export type Answers = Readonly<Record<WorkerQuestion, () => unknown>>;

/** How long a worker that has to leave serves on while its successor starts. */
const LEAVING_MS = 2_000;

/** The primary is gone: nobody waits at a terminal, and nobody gives connections any more. */
const ORPHANED: Draining = { hurry: false, keepAccepting: false };

export class WorkerLink {
  readonly #onDrain: (draining: Draining) => void;
  #answers: Answers | undefined;
  #take: (socket: Socket) => void = socket => socket.destroy();
  #enough: Promise<void> | undefined;
  /** Calls that wait for the primary to say that no more connections come, or that it wants the end of this one. */
  readonly #onLast: (() => void)[] = [];
  readonly #onLeave: (() => void)[] = [];

  /** @param onDrain the primary wants this worker to stop, or has ended itself; it may say so more than once */
  constructor(onDrain: (draining: Draining) => void) {
    this.#onDrain = onDrain;
    process.on('message', (message: unknown, handle: unknown) => {
      if (isOrder(message)) this.#obey(message, handle);
    });
    process.once('disconnect', () => {
      // There is nothing to finish before it serves.
      if (this.#answers === undefined) process.exit(1);
      for (const call of this.#onLast) call();
      this.#onDrain(ORPHANED);
    });
    // The channel alone must not hide that the server file waits for something that never happens.
    process.channel?.unref();
  }

  /** The connections that the primary accepts. */
  connections(address: ListenedAddress): ConnectionSource {
    return {
      address,
      start: take => {
        this.#take = take;
      },
      stop: () => (this.#enough ??= this.#stopTaking()),
    };
  }

  /** The server file is loaded: from now on the channel keeps this process alive. */
  loaded(): void {
    process.channel?.ref();
  }

  /** Says that this worker serves, and from now on that its event loop turns. */
  ready(place: WorkerPlace, answers: Answers): void {
    this.#answers = answers;
    this.#send({ slipway: 'ready', place });
    setInterval(() => this.#send({ slipway: 'heartbeat' }), HEARTBEAT_MS).unref();
  }

  /** Says why this worker does not serve, and ends it. */
  fail(text: string): void {
    this.#send({ slipway: 'failed', text }, () => process.exit(1));
  }

  /** Asks to be replaced; the order to stop follows when the successor is ready. Resolves then, or when it takes too long. */
  async leave(why: string): Promise<void> {
    this.#send({ slipway: 'leaving', why });
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, LEAVING_MS);
      this.#onLeave.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Connections that are on their way here are taken still: they come before the answer. */
  #stopTaking(): Promise<void> {
    return new Promise(resolve => {
      if (!process.connected) return resolve();
      this.#onLast.push(resolve);
      this.#send({ slipway: 'enough' });
    });
  }

  #obey(order: OrderToWorker, handle: unknown): void {
    if (order.slipway === 'connection') {
      this.#send({ slipway: 'taken' });
      // It is not there when its client has closed it on the way.
      if (handle !== undefined && handle !== null) this.#take(handle as Socket);
    } else if (order.slipway === 'last') {
      for (const call of this.#onLast) call();
    } else if (order.slipway === 'drain') {
      for (const call of this.#onLeave) call();
      this.#onDrain(order);
    } else void this.#answer(order.id, order.what);
  }

  async #answer(id: number, what: WorkerQuestion): Promise<void> {
    try {
      if (this.#answers === undefined) throw new Error('it does not serve yet');
      this.#send({ slipway: 'answer', id, value: await this.#answers[what]() });
    } catch (error) {
      this.#send({ slipway: 'answer', id, fault: error instanceof Error ? error.message : String(error) });
    }
  }

  #send(report: ReportFromWorker, sent: () => void = () => {}): void {
    if (process.connected) process.send?.(report, undefined, undefined, sent);
    else sent();
  }
}
