/** An example as a user starts it, with a state directory of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CommandProcess, SLIPWAY } from '../cli/command-process.ts';
import { type Settings, withEnvironment } from '../lifecycle/slipway-process.ts';

const EXAMPLES = resolve(import.meta.dirname, '../../examples');

export class ExampleProcess extends CommandProcess {
  /** An empty one; the current folder of the process is the example's own. */
  readonly folder: string;

  /** @param variables its environment, beside that of this process; a function gets the empty folder */
  constructor(name: string, variables: Settings | ((folder: string) => Settings) = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-example-'));
    const own = typeof variables === 'function' ? variables(folder) : variables;
    const all = { SLIPWAY_PORT: 0, SLIPWAY_STATE_DIR: join(folder, 'state'), ...own };
    super(withEnvironment(all, [...SLIPWAY, 'start']), join(EXAMPLES, name));
    this.folder = folder;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
