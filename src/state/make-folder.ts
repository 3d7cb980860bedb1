import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileErrorCode } from './file-fault.ts';

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Makes a folder, with those above it, where there is none. `mkdirSync` with `recursive` does the same, but tries for ever
 * where a folder that is there takes none (in /proc).
 *
 * @param path absolute
 * @param mode of the folders that are made; default: as the process is set to
 * @throws what the file system reports
 */
export function makeFolder(path: string, mode = 0o777): void {
  if (isFolder(path)) return;
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const parent = dirname(path);
    const isOrphan = fileErrorCode(error) === 'ENOENT' && parent !== path && !isFolder(parent);
    if (isOrphan) {
      makeFolder(parent, mode);
      // Another process may have been faster.
      makeFolder(path, mode);
    } else if (!isFolder(path)) throw error;
  }
}
