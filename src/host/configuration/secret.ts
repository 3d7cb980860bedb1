import { SlipwayError } from '../../protocol/coded-error.ts';
import { findSecret, UnreadableSecret } from './secret-place.ts';

/** What a variable may be called, so that no name leads out of the credentials directory. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * A secret that the operator provides: in the environment variable `name`, else in the file that `name_FILE` names (Docker
 * and Kubernetes secrets), else in the credential `name` of systemd (`LoadCredential=DATABASE_URL:/etc/...`).
 *
 * @param name of the variable: `DATABASE_URL`
 * @returns its text, without the line end that files have at their end
 * @throws SlipwayError `SLIP_SECRET_MISSING`, which says where it was looked for; no message ever holds the value
 * @example
 * const pool = new Pool({ connectionString: secret('DATABASE_URL') });
 */
export function secret(name: string): string {
  if (!NAME.test(name)) {
    const why = 'its name is not one of letters, digits and underscores';
    throw new SlipwayError('SLIP_INVALID_OPTION', { option: 'secret()', why });
  }
  const { env } = process;
  let why: string;
  try {
    const found = findSecret(name, name, env);
    const text = found?.text.replace(/\r?\n$/, '');
    if (text !== undefined && text !== '') return text;
    why = found === undefined ? placesOf(name, env) : `${found.name} is empty`;
  } catch (error) {
    if (!(error instanceof UnreadableSecret)) throw error;
    throw new SlipwayError('SLIP_SECRET_MISSING', { name, why: error.message }, { cause: error });
  }
  throw new SlipwayError('SLIP_SECRET_MISSING', { name, why });
}

function placesOf(name: string, env: NodeJS.ProcessEnv): string {
  const credentials = env['CREDENTIALS_DIRECTORY'];
  const credential = credentials ? `no credential ${name} in ${credentials}` : '$CREDENTIALS_DIRECTORY is not set';
  return `${name} is not set, ${name}_FILE is not set, ${credential}`;
}
