import { readFileSync } from 'node:fs';

/** The version of this package, from its package.json: two folders up from src/host as well as from dist/host. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
