import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** Read by `slipway dev` from the current folder; whatever starts the server in production has its own way. */
export const ENV_FILE = '.env';

/** What the file says, where the environment does not say something else; nothing where there is no file. */
export function envFileVariables(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(ENV_FILE, 'utf8');
  } catch {
    return {};
  }
  const entries = Object.entries(parseEnv(text)).filter(([name]) => env[name] === undefined);
  return Object.fromEntries(entries) as Record<string, string>;
}
