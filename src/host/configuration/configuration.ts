/** The configuration in effect: flags before environment before file before defaults. */
import { dirname, relative } from 'node:path';
import { SlipwayError } from '../../protocol/coded-error.ts';
import { findConfigurationFile, loadConfigurationFile } from './configuration-file.ts';
import { DEFAULTS } from './defaults.ts';
import { ownVariables } from './environment.ts';
import { type ConfigurationSource, GivenValues } from './given-values.ts';
import { type Place, Refused } from './kind.ts';
import { contradictions, quoted, refusalText } from './problem.ts';
import { type Configuration, type ConfigurationKey, isClearable, KEYS, SETTINGS } from './settings.ts';
import { unknownKeys, unknownVariables } from './unknown-names.ts';

export type { ConfigurationSource } from './given-values.ts';
export type { Configuration, ConfigurationKey } from './settings.ts';

export interface LoadedConfiguration {
  /** Undefined, or absent, where a key has no value. */
  readonly values: Configuration;
  /** Of every key. */
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

/**
 * Collects, checks and merges the configuration.
 *
 * @throws SlipwayError `SLIP_CONFIG_INVALID` with everything that is wrong; `SLIP_CLI_FILE_BROKEN` for a file that
 * does not load
 */
export async function loadConfiguration(input: ConfigurationInput): Promise<LoadedConfiguration> {
  const { flags, serverFile, env = process.env, cwd = process.cwd() } = input;
  const problems: string[] = [];
  const given = new GivenValues();
  const variables = ownVariables(env);
  const file = fileOf(input, variables.get('SLIPWAY_CONFIG'), cwd, problems);
  given.addFlags(flags, cwd);
  if (serverFile !== undefined) given.addText('server', { kind: 'argument', name: 'server-file' }, serverFile, cwd);
  given.addVariables(variables, cwd);
  given.addSecrets(env, problems);
  if (file !== undefined) {
    const contents = await loadConfigurationFile(file);
    const name = relative(cwd, file);
    given.addContents(contents, name, dirname(file));
    problems.push(...unknownKeys(Object.keys(contents), name));
  }
  problems.push(...unknownVariables([...variables.keys()]));
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

const BY_DEFAULT: ConfigurationSource = { kind: 'default', name: 'default' };

/** Everything that is given is checked, also what does not count because of something before it. */
function merge(given: GivenValues, problems: string[]): Pick<LoadedConfiguration, 'values' | 'sources'> {
  const values: Record<string, unknown> = { ...DEFAULTS };
  const sources: Record<string, ConfigurationSource> = {};
  for (const key of KEYS) {
    const found = given.of(key);
    sources[key] = found === undefined ? BY_DEFAULT : found[0]!.source;
    if (found === undefined) continue;
    const read = found.map(({ where, value, place }) => {
      const result = readValue(key, value, place);
      if (result instanceof Refused) problems.push(refusalText(SETTINGS[key], where, result, place));
      return result;
    });
    values[key] = read[0];
  }
  return { values: values as Configuration, sources: sources as LoadedConfiguration['sources'] };
}

function readValue(key: ConfigurationKey, value: unknown, place: Place): unknown {
  const setting = SETTINGS[key];
  const isOff = (value === 'off' || value === 'none') && isClearable(setting);
  return isOff ? setting.cleared : setting.kind.read(value, place);
}
