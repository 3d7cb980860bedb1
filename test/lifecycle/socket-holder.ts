/** A listening socket that outlives the servers on it, as systemd holds one for a service; see fixtures/socket-holder.py. */
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

  async target(): Promise<LoadTarget> {
    const [, port] = await this.program.until('stdout', /holds port (\d+)/);
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
