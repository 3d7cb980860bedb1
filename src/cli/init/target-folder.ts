/** The folder of a new server: what may be in it already, and how the files get there. */
import { copyFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { SlipwayError } from '../../protocol/coded-error.ts';
import { fileErrorCode, fileFault } from '../../state/file-fault.ts';
import { makeFolder } from '../../state/make-folder.ts';

/** What a folder may have in it and still count as empty: nothing of it is in the way of a new project. */
const HARMLESS = new Set(['.git', '.DS_Store', '.idea', '.vscode', 'Thumbs.db']);

const SHOWN = 3;

/** As the user would write it. */
export function shownFolder(folder: string): string {
  return relative('', folder) || '.';
}

function fault(folder: string, why: string, cause?: unknown): SlipwayError {
  return new SlipwayError('SLIP_INIT_FOLDER', { folder: shownFolder(folder), why }, { cause });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return [];
    if (fileErrorCode(error) === 'ENOTDIR') throw fault(folder, 'there is a file of that name', error);
    throw fault(folder, fileFault(error), error);
  }
}

/**
 * @param folder absolute
 * @param force whether it may have something in it
 * @throws SlipwayError `SLIP_INIT_FOLDER`
 */
export function assertUsable(folder: string, force: boolean): void {
  const names = namesIn(folder)
    .filter(name => !HARMLESS.has(name))
    .sort();
  if (names.length === 0 || force) return;
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  throw fault(folder, `it is not empty (${names.slice(0, SHOWN).join(', ')}${more})`);
}

/**
 * Writes the files, folders as needed.
 *
 * @param files contents by path inside of the folder
 * @returns the paths of those that were there before
 * @throws SlipwayError `SLIP_INIT_FOLDER`
 */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): string[] {
  const replaced: string[] = [];
  try {
    for (const [path, contents] of Object.entries(files)) {
      const file = join(folder, path);
      if (statSync(file, { throwIfNoEntry: false }) !== undefined) replaced.push(path);
      makeFolder(dirname(file));
      writeFileSync(file, contents);
    }
  } catch (error) {
    throw fault(folder, `it can not be written: ${fileFault(error)}`, error);
  }
  return replaced;
}

/**
 * Copies a file into the folder.
 *
 * @returns its name there
 * @throws SlipwayError `SLIP_INIT_FOLDER`
 */
export function copyInto(folder: string, file: string): string {
  const name = basename(file);
  try {
    if (join(folder, name) !== file) copyFileSync(file, join(folder, name));
    return name;
  } catch (error) {
    throw fault(folder, `${name} can not be copied there: ${fileFault(error)}`, error);
  }
}
