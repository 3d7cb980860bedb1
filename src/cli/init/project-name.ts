import { basename } from 'node:path';

const MAX_CHARS = 214;
const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** npm does not install a package into itself. */
const DEPENDENCIES = new Set(['slipway', 'zod', 'typescript', '@types/node']);

/** Why a text can not name the new package; undefined when it can. */
export function nameProblem(name: string): string | undefined {
  if (name.length === 0 || name.length > MAX_CHARS) return `a name has 1 to ${MAX_CHARS} characters`;
  if (!NAME.test(name)) return 'use lower-case letters, digits, dashes, dots and underscores: my-server, @me/my-server';
  if (DEPENDENCIES.has(name)) return `the new server depends on ${name}, and npm installs no package into itself`;
  if (name === 'node_modules' || name === 'favicon.ico') return 'npm does not take this one';
  return undefined;
}

/** The name that a folder suggests: `My Server` is `my-server`. */
export function nameOfFolder(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|[._-]+$/g, '');
  return nameProblem(name) === undefined ? name : 'my-server';
}
