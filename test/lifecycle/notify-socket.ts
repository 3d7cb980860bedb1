/** A socket at which a service manager hears from its services; see fixtures/notify-socket.py. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CommandProcess } from '../cli/command-process.ts';
import { until } from './call.ts';
import { programPath } from './programs.ts';

const RECEIVER = resolve(import.meta.dirname, 'fixtures/notify-socket.py');

export class NotifySocket implements AsyncDisposable {
  readonly path: string;
  readonly #folder: string;
  readonly #program: CommandProcess;

  private constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, 'notify');
    this.#program = new CommandProcess([programPath('python3')!, RECEIVER, this.path]);
  }

  static async open(): Promise<NotifySocket> {
    const socket = new NotifySocket(mkdtempSync(join(tmpdir(), 'slipway-notify-')));
    await socket.#program.until('stdout', /^bound\n/);
    return socket;
  }

  /** Everything that was heard: of each message, its variables. */
  get messages(): ReadonlyMap<string, string>[] {
    const [, ...lines] = this.#program.stdout.split('\n').slice(0, -1);
    return lines.map(line => {
      const pairs = (JSON.parse(line) as string).split('\n').filter(text => text !== '');
      return new Map(pairs.map(text => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
    });
  }

  /** Those messages that have a variable. */
  with(variable: string): ReadonlyMap<string, string>[] {
    return this.messages.filter(message => message.has(variable));
  }

  /** Waits for the next ones that have it; resolves with the last of so many. */
  async heard(variable: string, count = 1): Promise<ReadonlyMap<string, string>> {
    await until(() => this.with(variable).length >= count, `${count} of ${variable}`);
    return this.with(variable)[count - 1]!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
