/** What was given for each key, and where: before anything is checked. */
import { SlipwayError } from '../../protocol/coded-error.ts';
import { providedSecrets } from '../secrets.ts';
import type { Place } from './kind.ts';
import { type ConfigurationKey, flagOf, SETTINGS, variableOf } from './settings.ts';

export interface ConfigurationSource {
  readonly kind: 'flag' | 'argument' | 'env' | 'credential' | 'file' | 'default';
  /** `--port`, `server-file`, `SLIPWAY_PORT`, the path of a credential, `slipway.config.ts`, `default`. */
  readonly name: string;
}

export interface Given {
  readonly source: ConfigurationSource;
  /** For messages: `--port`, `port in slipway.config.ts`. */
  readonly where: string;
  readonly value: unknown;
  readonly place: Place;
}

/** Added in the order in which the sources count. */
export class GivenValues {
  readonly #byKey = new Map<ConfigurationKey, Given[]>();

  /** The one that counts first; undefined where the key was not given. */
  of(key: ConfigurationKey): readonly Given[] | undefined {
    return this.#byKey.get(key);
  }

  #add(key: ConfigurationKey, given: Given): void {
    const list = this.#byKey.get(key);
    if (list === undefined) this.#byKey.set(key, [given]);
    else list.push(given);
  }

  addText(key: ConfigurationKey, source: ConfigurationSource, value: string, folder: string): void {
    this.#add(key, { source, where: source.name, value, place: { from: 'text', folder } });
  }

  addFlags(flags: Readonly<Record<string, string | undefined>>, folder: string): void {
    for (const [flag, text] of Object.entries(flags)) {
      const key = text === undefined ? undefined : keyOfFlag(flag);
      if (key !== undefined) this.addText(key, { kind: 'flag', name: `--${flag}` }, text!, folder);
    }
  }

  /** All but the secrets, which are not always in a variable. */
  addVariables(variables: ReadonlyMap<string, string>, folder: string): void {
    for (const [name, text] of variables) {
      const key = keyOfVariable(name);
      if (key !== undefined && key !== 'secrets') this.addText(key, { kind: 'env', name }, text, folder);
    }
  }

  /** The secrets of the environment, one by one, as a file would give them. */
  addSecrets(env: NodeJS.ProcessEnv, problems: string[]): void {
    try {
      const provided = providedSecrets(env);
      if (provided === undefined) return;
      const { kind, source: name, secrets: value } = provided;
      this.#add('secrets', { source: { kind, name }, where: name, value, place: { from: 'file', folder: '' } });
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      problems.push(`${error.details['option']}: ${error.details['why']}`);
    }
  }

  /** @param name of the file, for messages; its relative paths begin in `folder` */
  addContents(contents: Readonly<Record<string, unknown>>, name: string, folder: string): void {
    for (const [key, value] of Object.entries(contents)) {
      if (value === undefined || !isKey(key)) continue;
      const source: ConfigurationSource = { kind: 'file', name };
      this.#add(key, { source, where: `${key} in ${name}`, value, place: { from: 'file', folder } });
    }
  }
}

export function isKey(name: string): name is ConfigurationKey {
  return Object.hasOwn(SETTINGS, name);
}

/** `drain-grace-ms` becomes `drainGraceMs`; undefined for what is no flag of a setting. */
function keyOfFlag(flag: string): ConfigurationKey | undefined {
  const key = camelCase(flag, '-');
  return isKey(key) && SETTINGS[key].only === undefined && flagOf(key) === flag ? key : undefined;
}

/** `SLIPWAY_DRAIN_GRACE_MS` becomes `drainGraceMs`; undefined for what is no variable of a setting. */
export function keyOfVariable(name: string): ConfigurationKey | undefined {
  const key = camelCase(name.slice('SLIPWAY_'.length).toLowerCase(), '_');
  return isKey(key) && SETTINGS[key].only !== 'file' && variableOf(key) === name ? key : undefined;
}

function camelCase(name: string, separator: string): string {
  const [first, ...others] = name.split(separator);
  return `${first}${others.map(word => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('')}`;
}
