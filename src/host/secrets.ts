import { readFileSync } from 'node:fs';
import { SlipwayError } from '../protocol/coded-error.ts';
import { Keyring } from '../sealing/keyring.ts';
import { fileFault } from '../state/file-fault.ts';
import { keyFile } from './key-file.ts';

export interface SecretSources {
  readonly stateDir?: string;
  /** Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface ResolvedSecrets {
  /** The one that seals and signs first. */
  readonly secrets: readonly string[];
  /** Where they come from, for messages: the name of a variable, or a path. */
  readonly source: string;
}

/**
 * The root secrets of the deployment: `SLIPWAY_SECRETS` (separated by commas or whitespace), else the file that
 * `SLIPWAY_SECRETS_FILE` names (one per line), else the key file of the state directory, made on first use.
 *
 * @returns undefined when there is none of these
 * @throws SlipwayError `SLIP_INVALID_OPTION` naming the source, never a secret; `SLIP_STATE_DIRECTORY`
 */
export function resolveSecrets({ stateDir, env = process.env }: SecretSources): ResolvedSecrets | undefined {
  const listed = env['SLIPWAY_SECRETS'];
  if (listed !== undefined) return checked(listed.split(/[\s,]+/), 'SLIPWAY_SECRETS');
  const file = env['SLIPWAY_SECRETS_FILE'];
  if (file !== undefined) return checked(linesOf(file), 'SLIPWAY_SECRETS_FILE');
  if (stateDir === undefined) return undefined;
  const { path, text } = keyFile(stateDir);
  return checked(text.split('\n'), path);
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    const why = `the file it names can not be read: ${fileFault(error)}`;
    throw new SlipwayError('SLIP_INVALID_OPTION', { option: 'SLIPWAY_SECRETS_FILE', why }, { cause: error });
  }
}

function checked(parts: readonly string[], source: string): ResolvedSecrets {
  const secrets = parts.map(part => part.trim()).filter(part => part !== '');
  Keyring.from(secrets, source); // Says what is wrong with them, if anything is.
  return { secrets, source };
}
