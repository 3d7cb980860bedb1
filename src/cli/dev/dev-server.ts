/** Serves a server file that changes: a fresh process for each load, the one before until the fresh one is ready. */
import type { ConnectionDealer } from '../../host/process/connection-dealer.ts';
import type { HandOver } from '../../host/process/hand-over.ts';
import type { WorkerPlace } from '../../host/process/worker-messages.ts';
import type { DevConsole } from './dev-console.ts';
import { Generation, type GenerationWishes } from './generation.ts';

export interface DevServerOptions {
  readonly dealer: ConnectionDealer;
  readonly handOver: Omit<HandOver, 'slot'>;
  readonly console: DevConsole;
  /** Hears of files that the server consists of. */
  onPaths(paths: readonly string[]): void;
}

const CRASHED = 'something was thrown that nobody caught';

/** One that crashes sooner would crash again. */
const STEADY_MS = 1_000;
/** After this, somebody may wonder. */
const SLOW_MS = 5_000;
/** What the hooks of a server may take when a person waits at the terminal. */
const STOP_MS = 1_000;

export class DevServer {
  readonly #options: DevServerOptions;
  /** Every process that has not ended. */
  readonly #generations = new Set<Generation>();
  #serving: Generation | undefined;
  #loading: Generation | undefined;
  /** The one that was loaded last, whatever became of it. */
  #latest: Generation | undefined;
  #count = 0;
  #stopping = false;

  constructor(options: DevServerOptions) {
    this.#options = options;
  }

  /** Whether a file is part of what serves, or of what does not load. */
  has(path: string): boolean {
    return (this.#latest?.paths.has(path) ?? false) || (this.#serving?.paths.has(path) ?? false);
  }

  /** Milliseconds since the epoch: a file that is newer may not have been read. */
  get readAt(): number {
    return this.#latest?.startedAt ?? 0;
  }

  /**
   * Loads the server file afresh; a load that is going on is given up for this one. Never rejects.
   *
   * @param why for people: `server.ts changed`; undefined at the start
   * @returns where it serves; undefined when it does not load, or was given up
   */
  async load(why?: string): Promise<WorkerPlace | undefined> {
    if (this.#stopping) return undefined;
    const { dealer, handOver, console } = this.#options;
    this.#loading?.process.kill();
    const begun = performance.now();
    const generation = new Generation({ slot: ++this.#count, ...handOver }, dealer, this.#wishes);
    this.#generations.add(generation);
    this.#loading = generation;
    this.#latest = generation;
    const slow = setTimeout(() => console.slow(), SLOW_MS);
    try {
      const place = await generation.process.ready;
      if (this.#loading !== generation) return undefined;
      // It may have said so together with being ready.
      if (generation.process.leaving) throw new Error(CRASHED);
      this.#loading = undefined;
      await this.#serve(generation, place);
      console.loaded(why, performance.now() - begun, generation.offer, place);
      return place;
    } catch (error) {
      generation.process.kill();
      if (this.#loading !== generation) return undefined;
      this.#loading = undefined;
      if (!this.#stopping) console.broken(why, (error as Error).message, this.#serving !== undefined);
      return undefined;
    } finally {
      clearTimeout(slow);
    }
  }

  /** Resolves when nobody is served by those before any more, but for calls in flight. */
  async #serve(generation: Generation, { stopMs }: WorkerPlace): Promise<void> {
    const { dealer } = this.#options;
    const before = this.#serving;
    this.#serving = generation;
    generation.readyAt = performance.now();
    dealer.join(generation.process);
    const others = [...this.#generations].filter(other => {
      return other !== generation && (other === before || other.process.leaving);
    });
    for (const { process } of others) dealer.drop(process);
    await Promise.all(others.map(other => other.retire(stopMs)));
  }

  readonly #wishes: GenerationWishes = {
    onPaths: paths => this.#options.onPaths(paths),
    onLeaving: generation => {
      generation.process.leaving = true;
      this.#options.dealer.drop(generation.process);
      this.#lost(generation, CRASHED);
    },
    onEnded: generation => {
      this.#generations.delete(generation);
      this.#lost(generation, 'the server has ended its process');
    },
  };

  /** One that has served for a while is loaded again; one that crashes at once waits for a change. */
  #lost(generation: Generation, why: string): void {
    if (generation !== this.#serving) return;
    this.#serving = undefined;
    if (this.#stopping || this.#loading !== undefined) return;
    if (performance.now() - generation.readyAt! >= STEADY_MS) void this.load(why);
    else this.#options.console.crashed(why);
  }

  /** Ends them all at once, with a moment for the hooks of the one that serves. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const ending = [...this.#generations].map(generation => {
      if (generation === this.#serving) return generation.stop(STOP_MS);
      generation.process.kill();
      return generation.process.ended;
    });
    await Promise.all(ending);
    this.#options.dealer.close();
  }

  kill(): void {
    for (const { process } of this.#generations) process.kill();
  }
}
