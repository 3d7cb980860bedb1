/** This checkout's `slipway` in a folder and an environment of the test's own. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Ended, SLIPWAY } from '../cli/command-process.ts';

const DEADLINE_MS = 20_000;

export type Variables = Readonly<Record<string, string>>;

/** A folder with these files; gone at the end of the scope. */
export class ConfigFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Relative names to texts; the folder is one of ES modules. */
  static async with(files: Readonly<Record<string, string>> = {}): Promise<ConfigFolder> {
    const path = await mkdtemp(join(tmpdir(), 'slipway-config-'));
    for (const [name, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), text);
    }
    return new ConfigFolder(path);
  }

  join(name: string): string {
    return join(this.path, name);
  }

  /** Runs the command here to its end. Of the environment of the tests, nothing of Slipway's is passed on. */
  async slipway(args: readonly string[], variables: Variables = {}): Promise<Ended> {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^SLIPWAY_|^NODE_OPTIONS$|^FORCE_COLOR$/.test(name),
    );
    const env = { ...Object.fromEntries(inherited), ...variables };
    const [program, ...before] = SLIPWAY;
    return await new Promise(done => {
      const options = { cwd: this.path, env, timeout: DEADLINE_MS };
      const child = execFile(program, [...before, ...args], options, (_, stdout, stderr) =>
        done({ code: child.exitCode, stdout, stderr }),
      );
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
