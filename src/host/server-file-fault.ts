/** Why a server file did not load, in one line with the place, where Node knows it. */
import { execFile } from 'node:child_process';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SlipwayError } from '../protocol/coded-error.ts';
import { thrownText } from '../server/thrown-text.ts';

const FRAME = /(?<=^|[\s(])(file:\/\/[^\s():]+|(?:[A-Za-z]:)?[/\\][^\n():]+):(\d+)(?::\d+)?/gm;

function shortPath(location: string): string {
  const path = location.startsWith('file:') ? fileURLToPath(location) : location;
  return relative('', path) || path;
}

/** `server.ts:12`: the places in a stack that are the user's own code, the innermost first. */
export function userPlaces(stack: string | undefined): string[] {
  const frames = [...(stack ?? '').matchAll(FRAME)].filter(([, location]) => {
    return !/[/\\]node_modules[/\\]/.test(location!) && !location!.startsWith(ownRoot);
  });
  return frames.map(([, location, line]) => `${shortPath(location!)}:${line}`);
}

/** Frames of this package say nothing about the user's file. */
const ownRoot = new URL('../', import.meta.url).href;

/** V8 tells the place of a JavaScript syntax error only to an uncaught one, so a second process has to fail with it. */
async function placeOfSyntaxError(path: string): Promise<string | undefined> {
  const check = promisify(execFile)(process.execPath, ['--check', path], { timeout: 10_000 });
  return check.then(
    () => undefined,
    (error: { stderr?: string }) => userPlaces(error.stderr?.split('\n', 1)[0])[0],
  );
}

function reasonOf(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ERR_MODULE_NOT_FOUND') {
    const [, kind, name, importer] =
      /^Cannot find (package|module) '([^']+)' imported from (.+)$/.exec(error.message) ?? [];
    const by = importer === undefined ? 'it' : shortPath(importer);
    if (kind === 'package') return `${by} imports '${name}', which is not installed (npm install ${name})`;
    if (kind === 'module') return `${by} imports '${shortPath(name!)}', which does not exist`;
  }
  if (/^Cannot use import statement outside a module/.test(error.message)) {
    return 'the nearest package.json makes it CommonJS; run: npm pkg set type=module';
  }
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return 'it is not a .ts, .mts, .js or .mjs file';
  return error.message.split('\n', 1)[0]!.replace(/\.$/, '');
}

/**
 * The coded error for a server file that threw while it was loaded.
 *
 * @param path absolute path of the server file
 * @param thrown what the import threw
 */
export async function loadFault(path: string, thrown: unknown): Promise<SlipwayError> {
  const file = shortPath(path);
  if (!(thrown instanceof Error)) {
    return new SlipwayError('SLIP_CLI_FILE_BROKEN', { file, why: `it threw ${thrownText(thrown).split('\n', 1)[0]}` });
  }
  const named = 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND';
  let place = named ? undefined : userPlaces(thrown.stack)[0];
  if (place === undefined && thrown instanceof SyntaxError) place = await placeOfSyntaxError(path);
  const why = place === undefined ? reasonOf(thrown) : `${reasonOf(thrown)} (${place})`;
  return new SlipwayError('SLIP_CLI_FILE_BROKEN', { file, why }, { cause: thrown });
}
