/** `slipway start` with a configuration from the environment, in a process of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CommandProcess, SLIPWAY } from '../cli/command-process.ts';
import { childrenOf } from './child-processes.ts';

export const LIFECYCLE_SERVER = resolve(import.meta.dirname, 'fixtures/lifecycle-server.ts');

export type Settings = Readonly<Record<string, string | number>>;

/** The command that runs another one with more in its environment; it is replaced by it, so it has its process id. */
export function withEnvironment(variables: Settings, command: readonly string[]): string[] {
  return ['env', ...Object.entries(variables).map(([name, value]) => `${name}=${value}`), ...command];
}

export class SlipwayProcess extends CommandProcess {
  readonly #folder: string;

  /**
   * @param variables its environment, beside that of this process
   * @param args after `slipway start`; default: the lifecycle server
   */
  constructor(variables: Settings, args: readonly string[] = [LIFECYCLE_SERVER]) {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-lifecycle-'));
    const all = { SLIPWAY_PORT: 0, SLIPWAY_STATE_DIR: folder, SLIPWAY_LAME_DUCK_MS: 300, ...variables };
    super(withEnvironment(all, [...SLIPWAY, 'start', ...args]));
    this.#folder = folder;
  }

  /** Where it listens. */
  async target(): Promise<{ host: string; port: number }> {
    const { hostname, port } = new URL(await this.listening());
    return { host: hostname, port: Number(port) };
  }

  /** Process ids of the workers. */
  workers(): number[] {
    return childrenOf(this.child.pid!);
  }

  count(stream: 'stdout' | 'stderr', pattern: RegExp): number {
    return [...this[stream].matchAll(new RegExp(pattern, 'g'))].length;
  }

  /** Resolves once what was printed matches so many times. */
  async untilCount(stream: 'stdout' | 'stderr', pattern: RegExp, count: number): Promise<void> {
    await this.until(stream, new RegExp(`(?:${pattern.source}[^]*?){${count}}`));
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
