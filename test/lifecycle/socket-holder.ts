/** Listening sockets that outlive the servers on them, as systemd holds them for a service; see fixtures/socket-holder.py. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CommandProcess } from '../cli/command-process.ts';
import type { LoadTarget } from './load-client.ts';
import { programPath } from './programs.ts';
import { type Settings, withEnvironment } from './slipway-process.ts';

const HOLDER = resolve(import.meta.dirname, 'fixtures/socket-holder.py');

export class SocketHolder implements AsyncDisposable {
  readonly program: CommandProcess;
  readonly #folder: string;
  #orders = 0;

  /**
   * @param command what is started on the socket
   * @param variables its environment, beside that of this process
   */
  constructor(command: readonly string[], variables: Settings = {}) {
    this.#folder = mkdtempSync(join(tmpdir(), 'slipway-holder-'));
    const all = { SLIPWAY_STATE_DIR: this.#folder, ...variables };
    const python = [programPath('python3')!, HOLDER, ...command];
    this.program = new CommandProcess(withEnvironment(all, python), undefined, 'pipe');
  }

  /** Where the first of the sockets is, or another. */
  async target(index = 0): Promise<LoadTarget> {
    await this.program.until('stdout', new RegExp(`(?:holds port \\d+\\n){${index + 1}}`));
    const [, port] = [...this.program.stdout.matchAll(/holds port (\d+)/g)][index]!;
    return { host: '127.0.0.1', port: Number(port) };
  }

  /** Resolves when the server has been started, not when it serves. */
  async start(): Promise<number> {
    return this.#order('start', 'started');
  }

  /** SIGTERM; resolves with the exit code. */
  async stop(): Promise<number> {
    return this.#order('stop', 'ended');
  }

  /** SIGKILL. */
  async kill(): Promise<number> {
    return this.#order('kill', 'ended');
  }

  /** Waits until it has ended by itself; resolves with the exit code. */
  async wait(): Promise<number> {
    return this.#order('wait', 'ended');
  }

  async #order(order: string, done: string): Promise<number> {
    const before = ++this.#orders;
    this.program.child.stdin!.write(`${order}\n`);
    const pattern = new RegExp(`(?:^(?:started|ended) (?:-?\\d+)\\n[^]*?){${before - 1}}^${done} (-?\\d+)\\n`, 'm');
    return Number((await this.program.until('stdout', pattern))[1]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.program.child.stdin!.end();
    await this.program.ended();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
