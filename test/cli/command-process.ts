/** A command line program in a process of its own, with what it has printed so far. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, dirname, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const DEADLINE_MS = 40_000;

/** This checkout's `slipway`, run from its sources. */
export const SLIPWAY = [process.execPath, '--conditions=@slipway/source', resolve(ROOT, 'bin/slipway.js')] as const;

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export class CommandProcess implements AsyncDisposable {
  stdout = '';
  stderr = '';
  readonly child: ChildProcess;
  readonly #closed: Promise<unknown>;

  constructor(command: readonly string[], cwd = ROOT, stdin: 'ignore' | 'pipe' = 'ignore') {
    // A colour or a debugger of the shell that runs the tests must not change what is printed.
    const { NODE_OPTIONS: _, FORCE_COLOR: __, ...inherited } = process.env;
    // Programs that name their interpreter `node` get the one that runs the tests.
    const env = { ...inherited, PATH: `${dirname(process.execPath)}${delimiter}${inherited['PATH']}` };
    const child = spawn(command[0]!, command.slice(1), { cwd, env, stdio: [stdin, 'pipe', 'pipe'] });
    // Who writes to a process that has ended is told by the test's own checks.
    child.stdin?.on('error', () => {});
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.child = child;
    this.#closed = once(child, 'close');
  }

  /** Resolves once what was printed matches; rejects with all of it when the process ends or is silent first. */
  async until(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray> {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    for (;;) {
      const match = pattern.exec(this[stream]);
      if (match !== null) return match;
      const ended = this.child.exitCode !== null || this.child.signalCode !== null;
      if (ended || deadline.aborted) throw new Error(`no ${pattern} in ${stream}:\n${this.stdout}\n${this.stderr}`);
      await Promise.race([once(this.child[stream]!, 'data', { signal: deadline }).catch(() => {}), this.#closed]);
    }
  }

  /** The URL that `slipway start` has printed. */
  async listening(): Promise<string> {
    return (await this.until('stdout', /listens on (http:\S+)/))[1]!;
  }

  /** Resolves when the process has ended by itself. */
  async ended(): Promise<Ended> {
    const timer = setTimeout(() => this.child.kill('SIGKILL'), DEADLINE_MS);
    await this.#closed;
    clearTimeout(timer);
    return { code: this.child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.#closed;
  }
}

/** Runs this checkout's `slipway` to its end. */
export async function slipway(args: readonly string[], cwd?: string): Promise<Ended> {
  await using process = new CommandProcess([...SLIPWAY, ...args], cwd);
  return await process.ended();
}
