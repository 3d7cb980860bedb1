/** One load of the server file as `slipway dev` sees it: the process, what it consists of, what it offers. */
import type { ConnectionDealer } from '../../host/process/connection-dealer.ts';
import type { HandOver } from '../../host/process/hand-over.ts';
import { WorkerProcess } from '../../host/process/worker-process.ts';
import { isDevReport } from './dev-messages.ts';
import type { Offer } from './offer.ts';

/** From the order to stop to its end by force, beyond what it says that it needs. */
const PATIENCE_MS = 2_000;

export interface GenerationWishes {
  /** It has loaded these, or wanted to. */
  onPaths(paths: readonly string[]): void;
  /** It has to end by itself: something was thrown that nobody caught. */
  onLeaving(generation: Generation): void;
  onEnded(generation: Generation): void;
}

export class Generation {
  readonly process: WorkerProcess;
  /** Milliseconds since the epoch: what is older than this is what it has read. */
  readonly startedAt = Date.now();
  /** Of `performance.now()`, once it is ready. */
  readyAt: number | undefined;
  readonly paths = new Set<string>();
  offer: Offer | undefined;
  readonly #letGo = Promise.withResolvers<void>();
  #retiring: Promise<void> | undefined;

  constructor(handOver: HandOver, dealer: ConnectionDealer, wishes: GenerationWishes) {
    this.process = new WorkerProcess(handOver, {
      onLeaving: () => wishes.onLeaving(this),
      onEnough: () => dealer.leave(this.process, () => this.process.last()),
      onOther: message => {
        if (!isDevReport(message)) return;
        if (message.slipwayDev === 'offer') this.offer = message.offer;
        else if (message.slipwayDev === 'letGo') this.#letGo.resolve();
        else {
          for (const path of message.paths) this.paths.add(path);
          wishes.onPaths(message.paths);
        }
      },
    });
    void this.process.ended.then(() => {
      this.#letGo.resolve();
      dealer.drop(this.process);
      wishes.onEnded(this);
    });
  }

  /** Has it finish its calls and end; resolves when nothing new reaches it any more. */
  retire(withinMs: number): Promise<void> {
    this.#retiring ??= this.#retire(withinMs);
    return this.#retiring;
  }

  async #retire(withinMs: number): Promise<void> {
    this.process.drain({ hurry: false, keepAccepting: false });
    this.#killAfter(withinMs + PATIENCE_MS);
    // One that hangs answers nobody.
    const timer = setTimeout(() => this.#letGo.resolve(), PATIENCE_MS);
    await this.#letGo.promise;
    clearTimeout(timer);
  }

  /** Has it end at once; resolves when it has. */
  async stop(withinMs: number): Promise<void> {
    this.process.drain({ hurry: true, keepAccepting: false });
    this.#killAfter(withinMs);
    await this.process.ended;
  }

  #killAfter(ms: number): void {
    const timer = setTimeout(() => this.process.kill(), ms);
    void this.process.ended.then(() => clearTimeout(timer));
  }
}
