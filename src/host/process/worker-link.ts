/** The primary as a worker sees it. */
import cluster from 'node:cluster';
import {
  HEARTBEAT_MS,
  isOrder,
  type ReportFromWorker,
  type WorkerPlace,
  type WorkerQuestion,
} from './worker-messages.ts';

export type Answers = Readonly<Record<WorkerQuestion, () => unknown>>;

/** How long a worker that has to leave serves on while its successor starts. */
const LEAVING_MS = 2_000;

export class WorkerLink {
  readonly #onDrain: (hurry: boolean) => void;
  #answers: Answers | undefined;

  /** @param onDrain the primary wants this worker to stop, or has ended itself; it may say so more than once */
  constructor(onDrain: (hurry: boolean) => void) {
    this.#onDrain = onDrain;
    process.on('message', (message: unknown) => {
      if (!isOrder(message)) return;
      if (message.slipway === 'drain') onDrain(message.hurry);
      else void this.#answer(message.id, message.what);
    });
    // The channel alone must not hide that the server file waits for something that never happens.
    process.channel?.unref();
  }

  /** The server file is loaded: from now on the channel keeps this process alive. */
  loaded(): void {
    process.channel?.ref();
  }

  /** Says that this worker serves, and from now on that its event loop turns. */
  ready(place: WorkerPlace, answers: Answers): void {
    this.#answers = answers;
    cluster.worker?.on('disconnect', () => {
      // Node would end a worker at once that has lost its primary, with its calls unanswered.
      cluster.worker!.exitedAfterDisconnect = true;
      this.#onDrain(false);
    });
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
      process.on('message', message => {
        if (!isOrder(message) || message.slipway !== 'drain') return;
        clearTimeout(timer);
        resolve();
      });
    });
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
