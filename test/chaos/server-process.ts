/** Server processes that are started, killed and started again. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { StateFault } from './state-fault.ts';

export type Order =
  | {
      readonly kind: 'serve';
      /** 0 picks a free one. */
      readonly port: number;
      readonly stateDir: string;
      readonly fault?: StateFault;
      /** Has it publish numbered messages to all sessions; `last` is the data of the last one, before it stops. */
      readonly publish?: { readonly everyMs: number; readonly last: object };
    }
  | { readonly kind: 'close' };

export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'serving'; readonly port: number }
  | { readonly kind: 'failed'; readonly why: string };

const SCRIPT = fileURLToPath(new URL('./server-main.ts', import.meta.url));
const PATIENCE_MS = 45_000;

export class ServerProcess {
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #ready: Promise<Report>;
  #log = '';

  /** Starts a process that has loaded everything and waits for its order. */
  constructor() {
    this.#child = fork(SCRIPT, {
      execArgv: ['--conditions=@slipway/source'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.on('error', () => {});
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-4000);
    });
    this.ended = once(this.#child, 'exit').then(() => {});
    this.#ready = this.#report();
    this.#ready.catch(() => {});
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves with the port once it serves. */
  async serve(order: Omit<Extract<Order, { kind: 'serve' }>, 'kind'>): Promise<number> {
    await this.#ready;
    const serving = this.#report();
    this.#child.send({ kind: 'serve', ...order } satisfies Order);
    const report = await serving;
    if (report.kind !== 'serving') throw new Error(`it does not serve: ${JSON.stringify(report)}\n${this.#log}`);
    return report.port;
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    if (!this.hasEnded) this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** Ends it in good order. */
  async close(): Promise<void> {
    if (this.#child.connected) this.#child.send({ kind: 'close' } satisfies Order);
    const late = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS);
    await this.ended;
    clearTimeout(late);
  }

  async #report(): Promise<Report> {
    const gone = this.ended.then(() => {
      throw new Error(`the process ended: ${this.#log}`);
    });
    const [report] = await Promise.race([
      once(this.#child, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) }),
      gone,
    ]);
    return report as Report;
  }
}

/** Keeps a process ready, so that the next one serves as soon as the last has ended. */
export class ServerProcesses {
  readonly #all = new Set<ServerProcess>();
  #next = this.#start();

  #start(): ServerProcess {
    const started = new ServerProcess();
    this.#all.add(started);
    void started.ended.then(() => this.#all.delete(started));
    return started;
  }

  take(): ServerProcess {
    const taken = this.#next;
    this.#next = this.#start();
    return taken;
  }

  async killAll(): Promise<void> {
    await Promise.all([...this.#all].map(one => one.kill()));
  }
}
