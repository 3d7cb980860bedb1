/** The configuration in effect: flags before environment before file before defaults. */
import { dirname, relative } from 'node:path';
import { SlipwayError } from '../../protocol/coded-error.ts';
import { providedSecrets } from '../secrets.ts';
import { findConfigurationFile, loadConfigurationFile } from './configuration-file.ts';
import { DEFAULTS } from './defaults.ts';
import { ownVariables } from './environment.ts';
import { type Place, Refused } from './kind.ts';
import { nearest } from './nearest.ts';
import { quoted, refusalText, unknownText } from './problem.ts';
import {
  type Configuration,
  type ConfigurationKey,
  flagOf,
  isClearable,
  KEYS,
  SETTINGS,
  variableOf,
} from './settings.ts';

export type { Configuration, ConfigurationKey } from './settings.ts';

export interface ConfigurationSource {
  readonly kind: 'flag' | 'argument' | 'env' | 'credential' | 'file' | 'default';
  /** `--port`, `server-file`, `SLIPWAY_PORT`, the path of a credential, `slipway.config.ts`, `default`. */
  readonly name: string;
}

export interface LoadedConfiguration {
  /** Every key; undefined where there is no value. */
  readonly values: Configuration;
  readonly sources: Readonly<Record<ConfigurationKey, ConfigurationSource>>;
  /** Absolute path of the configuration file; undefined without one. */
  readonly file: string | undefined;
}

export interface ConfigurationInput {
  /** The texts of the command line by flag without dashes: `{ 'drain-grace-ms': '1000' }`. Other flags are ignored. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** The command's argument: the server file, in place of the key `server`. */
  readonly serverFile?: string | undefined;
  /** Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: the current folder. */
  readonly cwd?: string;
  /** The configuration file, in place of `--config` and `SLIPWAY_CONFIG`; `none` for none. */
  readonly configFile?: string;
}

/** A value as it was given somewhere. */
interface Given {
  readonly source: ConfigurationSource;
  /** For messages: `--port`, `port in slipway.config.ts`. */
  readonly where: string;
  readonly value: unknown;
  readonly place: Place;
}

/** What is given for one key, the one that counts first. */
type GivenByKey = (key: ConfigurationKey) => readonly Given[];

const OTHER_VARIABLES = ['SLIPWAY_CONFIG', `${variableOf('secrets')}_FILE`];
/** Variables that take the place of a flag: not those of functions. */
const VARIABLES = [...KEYS.filter(key => SETTINGS[key].only !== 'file').map(variableOf), ...OTHER_VARIABLES];

/**
 * Collects, checks and merges the configuration.
 *
 * @throws SlipwayError `SLIP_CONFIG_INVALID` with everything that is wrong; `SLIP_CLI_FILE_BROKEN` for a file that
 * does not load
 */
export async function loadConfiguration(input: ConfigurationInput): Promise<LoadedConfiguration> {
  const { flags, serverFile, env = process.env, cwd = process.cwd() } = input;
  const variables = ownVariables(env);
  const problems: string[] = [];
  const file = fileOf(input, variables.get('SLIPWAY_CONFIG'), cwd, problems);
  const contents = file === undefined ? {} : await loadConfigurationFile(file);
  const fileName = file === undefined ? '' : relative(cwd, file);
  problems.push(...unknownKeys(Object.keys(contents), fileName), ...unknownVariables([...variables.keys()]));
  const given: GivenByKey = key => {
    const found: Given[] = [];
    const { only } = SETTINGS[key];
    const text = (kind: ConfigurationSource['kind'], name: string, value: string | undefined) => {
      if (value === undefined) return;
      found.push({ source: { kind, name }, where: name, value, place: { from: 'text', folder: cwd } });
    };
    if (only === 'argument') text('argument', 'server-file', serverFile);
    if (only === undefined) text('flag', `--${flagOf(key)}`, flags[flagOf(key)]);
    if (key === 'secrets') found.push(...givenSecrets(env, problems));
    else if (only !== 'file') text('env', variableOf(key), variables.get(variableOf(key)));
    const value = Object.hasOwn(contents, key) ? contents[key] : undefined;
    if (value !== undefined) {
      const place: Place = { from: 'file', folder: dirname(file!) };
      found.push({ source: { kind: 'file', name: fileName }, where: `${key} in ${fileName}`, value, place });
    }
    return found;
  };
  const loaded = merge(given, problems);
  if (problems.length === 0) problems.push(...contradictions(loaded.values));
  if (problems.length > 0) throw new SlipwayError('SLIP_CONFIG_INVALID', { problems: problems.join('\n') });
  return { ...loaded, file };
}

function fileOf(input: ConfigurationInput, variable: string | undefined, cwd: string, problems: string[]) {
  const flag = input.configFile ?? input.flags['config'];
  const named = flag ?? variable;
  const found = findConfigurationFile(named, cwd);
  if (found === undefined && named !== undefined && named !== 'none') {
    const where = flag === undefined ? 'SLIPWAY_CONFIG' : '--config';
    problems.push(`${where} takes the path of a file, or none, and there is no file ${quoted(named)}`);
  }
  return found;
}

/** What the environment has for `secrets`: one by one, as a file would give them. */
function givenSecrets(env: NodeJS.ProcessEnv, problems: string[]): Given[] {
  try {
    const provided = providedSecrets(env);
    if (provided === undefined) return [];
    const { kind, source: name, secrets: value } = provided;
    return [{ source: { kind, name }, where: name, value, place: { from: 'file', folder: '' } }];
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    problems.push(`${error.details['option']}: ${error.details['why']}`);
    return [];
  }
}

/** Everything that is given is checked, also what does not count because of something before it. */
function merge(given: GivenByKey, problems: string[]): Pick<LoadedConfiguration, 'values' | 'sources'> {
  const values: Record<string, unknown> = {};
  const sources: Record<string, ConfigurationSource> = {};
  for (const key of KEYS) {
    values[key] = key in DEFAULTS ? DEFAULTS[key as keyof typeof DEFAULTS] : undefined;
    sources[key] = { kind: 'default', name: 'default' };
    const found = given(key);
    const read = found.map(({ where, value, place }) => {
      const result = readValue(key, value, place);
      if (result instanceof Refused) problems.push(refusalText(SETTINGS[key], where, result, place));
      return result;
    });
    if (found.length === 0) continue;
    values[key] = read[0];
    sources[key] = found[0]!.source;
  }
  return { values: values as Configuration, sources: sources as LoadedConfiguration['sources'] };
}

function readValue(key: ConfigurationKey, value: unknown, place: Place): unknown {
  const setting = SETTINGS[key];
  const isOff = (value === 'off' || value === 'none') && isClearable(setting);
  return isOff ? setting.cleared : setting.kind.read(value, place);
}

function unknownKeys(keys: readonly string[], file: string): string[] {
  const unknown = keys.filter(key => !Object.hasOwn(SETTINGS, key));
  return unknown.map(key => unknownText(`${key} in ${file} is no key`, nearest(key, KEYS)));
}

function unknownVariables(names: readonly string[]): string[] {
  const bare = (name: string) => name.slice('SLIPWAY_'.length);
  return names
    .filter(name => !VARIABLES.includes(name))
    .map(name => {
      const near = nearest(bare(name), VARIABLES.map(bare));
      return unknownText(`${name} is no variable of Slipway`, near && `SLIPWAY_${near}`);
    });
}

/** Values that are fine by themselves, and not together. */
function contradictions({ httpSse, legacy, port, adminPort, host, adminHost }: Configuration): string[] {
  const problems: string[] = [];
  if (httpSse && legacy === 'reject') {
    problems.push('httpSse serves the 2024 transport, which legacy: reject refuses; set one of them only');
  }
  if (adminPort !== undefined && adminPort !== 0 && adminPort === port && adminHost === host) {
    problems.push(`adminPort and port are both ${port}; the admin listener takes a port of its own`);
  }
  return problems;
}
