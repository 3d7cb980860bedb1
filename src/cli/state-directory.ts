/** Where `slipway start` keeps what outlives a restart. */
import { accessSync, constants } from 'node:fs';
import { basename, extname, join, relative, resolve } from 'node:path';
import { makeFolder } from '../state/make-folder.ts';

/** Beside the compile cache, and left out of version control with it. */
const FOLDER = join('.slipway', 'state');

/**
 * The state directory to use.
 *
 * @param given the text of `--state-dir`; `none` for no directory
 * @param file the server file: each has its own, so that servers started in one folder do not share their sessions
 * @returns undefined when nothing is to be kept, or nothing can be: a folder that may not be written is no reason not
 * to start, unless it was asked for (then the store says so)
 */
export function stateDirectory(given: string | undefined, file: string): string | undefined {
  if (given === 'none') return undefined;
  if (given !== undefined) return resolve(given);
  const directory = resolve(FOLDER, basename(file, extname(file)));
  try {
    makeFolder(directory, 0o700);
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    return directory;
  } catch {
    process.stderr.write(`slipway: ${relative('', directory)} can not be written: sessions end with this process.\n`);
    return undefined;
  }
}
