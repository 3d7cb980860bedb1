/** Starts the server of the soak in a process of its own, and asks it how it does. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerAnswer, ServerMeasure, ServerOrder, ServerQuestion } from './server-messages.ts';

const PATIENCE_MS = 30_000;

export class ServerProcess {
  readonly port: number;
  readonly adminUrl: string;
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #log: () => string;

  private constructor(child: ChildProcess, { port, adminUrl }: Serving, directory: string, log: () => string) {
    this.#child = child;
    this.port = port;
    this.adminUrl = adminUrl;
    this.#directory = directory;
    this.#log = log;
  }

  static async start(order: ServerOrder): Promise<ServerProcess> {
    const child = fork(fileURLToPath(new URL('./server-main.ts', import.meta.url)), [JSON.stringify(order)], {
      // Code that V8 throws away after a while and compiles again would move the heap by megabytes, in either direction.
      execArgv: ['--conditions=@slipway/source', '--expose-gc', '--no-flush-bytecode'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let log = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-4000);
    });
    try {
      const answer = await next(child, 'serving', () => log);
      return new ServerProcess(child, answer, order.directory, () => log);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** What it wrote to stderr, the end of it. */
  get stderr(): string {
    return this.#log();
  }

  async measure(settled: boolean): Promise<ServerMeasure> {
    const answer = next(this.#child, 'measure', this.#log);
    this.#send({ ask: 'measure', settled });
    return (await answer).measure;
  }

  /** Has it go on in new files of its logs. */
  async reopen(): Promise<void> {
    const answer = next(this.#child, 'reopened', this.#log);
    this.#send({ ask: 'reopen' });
    await answer;
  }

  /** Open descriptors, as the operating system counts them: all, and those that are no sockets. */
  descriptors(): { readonly descriptors: number; readonly files: number } {
    const directory = `/proc/${this.#child.pid}/fd`;
    const targets = readdirSync(directory).map(descriptor => target(join(directory, descriptor)));
    const open = targets.filter(found => found !== '');
    return { descriptors: open.length, files: open.filter(found => !found.startsWith('socket:')).length };
  }

  /** The database and its log, in bytes. */
  get stateSize(): number {
    const sizes = ['state.db', 'state.db-wal'].map(
      file => statSync(join(this.#directory, 'state', file), { throwIfNoEntry: false })?.size ?? 0,
    );
    return sizes.reduce((sum, size) => sum + size);
  }

  /** Closes it in good order; its exit code, or what ended it. */
  async close(): Promise<number | string> {
    if (this.#ended === undefined) {
      const exited = once(this.#child, 'exit', { signal: AbortSignal.timeout(PATIENCE_MS) });
      this.#send({ ask: 'close' });
      await exited.catch(() => this.kill());
    }
    return this.#ended ?? 'nothing';
  }

  async kill(): Promise<void> {
    if (this.#ended !== undefined) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  get #ended(): number | string | undefined {
    return this.#child.exitCode ?? this.#child.signalCode ?? undefined;
  }

  #send(question: ServerQuestion): void {
    if (this.#child.connected) this.#child.send(question);
  }
}

/** What a descriptor stands for; '' when it was closed meanwhile. */
function target(descriptor: string): string {
  try {
    return readlinkSync(descriptor);
  } catch {
    return '';
  }
}

type Serving = AnswerOf<'serving'>;
type AnswerOf<Kind> = Extract<ServerAnswer, { readonly kind: Kind }>;

/** The next answer; rejects when the process ends instead. */
async function next<Kind extends ServerAnswer['kind']>(
  child: ChildProcess,
  kind: Kind,
  log: () => string,
): Promise<AnswerOf<Kind>> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    const answer = await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message as ServerAnswer),
      once(child, 'exit', { signal }).then(([code, signalCode]) => {
        throw new Error(`the server ended with ${code ?? signalCode}: ${log()}`);
      }),
    ]);
    if (answer.kind !== kind) throw new Error(`the server says ${answer.kind}, ${kind} was expected`);
    return answer as AnswerOf<Kind>;
  } finally {
    stop.abort();
  }
}
