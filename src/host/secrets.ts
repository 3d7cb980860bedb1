import { SlipwayError } from '../protocol/coded-error.ts';
import { Keyring } from '../sealing/keyring.ts';
import { findSecret, UnreadableSecret } from './configuration/secret-place.ts';
import { keyFile } from './key-file.ts';

const VARIABLE = 'SLIPWAY_SECRETS';
const CREDENTIAL = 'slipway-secrets';

export interface SecretSources {
  /** Those that were given already, in place of all others. */
  readonly secrets?: readonly string[] | undefined;
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

export interface ProvidedSecrets extends ResolvedSecrets {
  readonly kind: 'env' | 'credential';
}

/**
 * The root secrets of the deployment: those given; else `SLIPWAY_SECRETS` (separated by commas or whitespace), the file that
 * `SLIPWAY_SECRETS_FILE` names (one per line) or the systemd credential `slipway-secrets` (the same); else the key file of
 * the state directory, made on first use.
 *
 * @returns undefined when there is none of these
 * @throws SlipwayError `SLIP_INVALID_OPTION` naming the source, never a secret; `SLIP_STATE_DIRECTORY`
 */
export function resolveSecrets({ secrets, stateDir, env = process.env }: SecretSources): ResolvedSecrets | undefined {
  if (secrets !== undefined) return checked(secrets, 'secrets');
  const provided = providedSecrets(env);
  if (provided !== undefined) return checked(provided.secrets, provided.source);
  if (stateDir === undefined) return undefined;
  const { path, text } = keyFile(stateDir);
  return checked(partsOf(text, '\n'), path);
}

/**
 * What the operator provides, unchecked: a variable, the file that one names, a credential of systemd.
 *
 * @throws SlipwayError `SLIP_INVALID_OPTION` when one of them can not be read
 */
export function providedSecrets(env: NodeJS.ProcessEnv): ProvidedSecrets | undefined {
  try {
    const found = findSecret(VARIABLE, CREDENTIAL, env);
    if (found === undefined) return undefined;
    const { kind, name: source, text } = found;
    return { kind, source, secrets: partsOf(text, source === VARIABLE ? /[\s,]+/ : '\n') };
  } catch (error) {
    if (!(error instanceof UnreadableSecret)) throw error;
    throw new SlipwayError('SLIP_INVALID_OPTION', { option: error.place, why: error.why }, { cause: error });
  }
}

function partsOf(text: string, separator: string | RegExp): string[] {
  const parts = text.split(separator).map(part => part.trim());
  return parts.filter(part => part !== '');
}

function checked(secrets: readonly string[], source: string): ResolvedSecrets {
  Keyring.from(secrets, source); // Says what is wrong with them, if anything is.
  return { secrets, source };
}
