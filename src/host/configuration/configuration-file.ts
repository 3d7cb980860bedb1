/** The configuration file: where it is, and what it exports. */
import { statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { SlipwayError } from '../../protocol/coded-error.ts';

const NAMES = ['slipway.config.ts', 'slipway.config.mts', 'slipway.config.js', 'slipway.config.mjs'];

/**
 * The absolute path of the configuration file.
 *
 * @param named as `--config` or `SLIPWAY_CONFIG` has it; `none` for no file; undefined looks for the usual names in `cwd`
 * @returns undefined when there is none
 */
export function findConfigurationFile(named: string | undefined, cwd: string): string | undefined {
  if (named === 'none') return undefined;
  return (named === undefined ? NAMES : [named])
    .map(name => resolve(cwd, name))
    .find(path => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/**
 * What a configuration file says: its default export, or what that returns if it is a function.
 *
 * @param path absolute
 * @throws SlipwayError `SLIP_CLI_FILE_BROKEN` when it does not load, or exports something else
 */
export async function loadConfigurationFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  // A start without a file does not pay for this.
  const { defaultExportOf, settled } = await import('../user-module.ts');
  const { loadFault } = await import('../server-file-fault.ts');
  let config = await defaultExportOf(path);
  try {
    if (typeof config === 'function') {
      const make = config as () => unknown;
      config = await settled(Promise.resolve().then(make), 'in its function');
    }
    // A copy: getters are the user's code too.
    if (isPlainObject(config)) return { ...config };
  } catch (error) {
    throw await loadFault(path, error);
  }
  const why = 'its default export is no configuration; end it with: export default defineConfig({ ... })';
  throw new SlipwayError('SLIP_CLI_FILE_BROKEN', { file: relative('', path), why });
}
