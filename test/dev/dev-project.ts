/** A folder with a server file in it, and `slipway dev` on that. */
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CommandProcess, SLIPWAY } from '../cli/command-process.ts';
import { type Settings, withEnvironment } from '../lifecycle/slipway-process.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** A server whose tool `value` returns what `value.ts` exports, with more registrations if wanted. */
export function serverText(more = '', description = 'Tells the value'): string {
  return `import { McpServer } from 'slipway';
import { value } from './value.ts';

const server = new McpServer({ name: 'developed', version: '1.0.0' });
server.registerTool('value', { description: '${description}' }, async () => value());
${more}
export default server;
`;
}

export function valueText(value: string): string {
  return `export function value(): string {\n  return '${value}';\n}\n`;
}

export class DevProject implements Disposable {
  readonly folder: string;

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-dev-')));
    mkdirSync(join(this.folder, 'node_modules'));
    symlinkSync(ROOT, join(this.folder, 'node_modules/slipway'));
    symlinkSync(join(ROOT, 'node_modules/zod'), join(this.folder, 'node_modules/zod'));
    const all = { 'package.json': '{ "type": "module" }', 'server.ts': serverText(), 'value.ts': valueText('one') };
    for (const [path, text] of Object.entries({ ...all, ...files })) this.write(path, text);
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** As many editors save: written beside it, then renamed. */
  replace(path: string, text: string): void {
    this.write(`${path}~`, text);
    renameSync(join(this.folder, `${path}~`), join(this.folder, path));
  }

  move(from: string, to: string): void {
    renameSync(join(this.folder, from), join(this.folder, to));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class DevProcess extends CommandProcess {
  /** @param variables its environment, beside that of this process */
  constructor(project: DevProject, args: readonly string[] = [], variables: Settings = {}) {
    super(withEnvironment({ SLIPWAY_PORT: 0, ...variables }, [...SLIPWAY, 'dev', ...args]), project.folder);
  }

  /** Resolves once it has told of so many reloads, failed ones included. */
  async told(count: number): Promise<void> {
    await this.until('stdout', new RegExp(`(?:^[✓✗].*?){${count}}`, 'ms'));
  }

  /** Resolves with what it says of the next reload after something was done. */
  async after(change: () => void): Promise<string> {
    const before = this.stdout.length;
    const count = [...this.stdout.matchAll(/^[✓✗]/gm)].length;
    change();
    await this.told(count + 1);
    // What belongs to it is written with it, or right after.
    await new Promise(resolve => setTimeout(resolve, 50));
    return this.stdout.slice(before);
  }
}
