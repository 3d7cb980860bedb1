/** Where operators put secrets: a variable, a file that a variable names, a credential of systemd. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileErrorCode, fileFault } from '../../state/file-fault.ts';

export interface FoundSecret {
  readonly text: string;
  /** Where it was found: the name of a variable, or the path of a credential. */
  readonly name: string;
  readonly kind: 'env' | 'credential';
}

/** A place that was named and can not be read. */
export class UnreadableSecret extends Error {
  /** What names the place. */
  readonly place: string;
  /** `the file it names can not be read: it does not exist`. */
  readonly why: string;

  constructor(place: string, why: string, cause: unknown) {
    super(`${place}: ${why}`, { cause });
    this.place = place;
    this.why = why;
  }
}

/**
 * Looks at `NAME` in the environment, then at the file that `NAME_FILE` names, then at `$CREDENTIALS_DIRECTORY/credential`
 * (systemd.exec, LoadCredential=).
 *
 * @returns undefined when there is nothing in any of them
 * @throws UnreadableSecret when a place is there and can not be read: a later one must not take over in silence
 */
export function findSecret(name: string, credential: string, env: NodeJS.ProcessEnv): FoundSecret | undefined {
  const text = env[name];
  if (text !== undefined) return { text, name, kind: 'env' };
  const variable = `${name}_FILE`;
  const file = env[variable];
  if (file !== undefined) {
    try {
      return { text: readFileSync(file, 'utf8'), name: variable, kind: 'env' };
    } catch (error) {
      throw new UnreadableSecret(variable, `the file it names can not be read: ${fileFault(error)}`, error);
    }
  }
  const path = credentialPath(credential, env);
  if (path === undefined) return undefined;
  try {
    return { text: readFileSync(path, 'utf8'), name: path, kind: 'credential' };
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return undefined;
    throw new UnreadableSecret(path, `the credential can not be read: ${fileFault(error)}`, error);
  }
}

/** Where systemd puts a credential; undefined where this process has none. */
export function credentialPath(credential: string, env: NodeJS.ProcessEnv): string | undefined {
  const directory = env['CREDENTIALS_DIRECTORY'];
  return directory === undefined || directory === '' ? undefined : join(directory, credential);
}
