import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs';
import { SlipwayError } from '../../protocol/coded-error.ts';
import { fileErrorCode } from '../file-fault.ts';

/** What SQLite keeps beside a database in WAL mode. */
const COMPANIONS = ['-wal', '-shm'] as const;

/**
 * Makes the database file if there is none, before SQLite would with the permissions of the umask; its companions
 * inherit them. An existing file is never opened here: closing it would drop SQLite's locks on it (POSIX, fcntl).
 *
 * @throws SlipwayError `SLIP_STORE_UNAVAILABLE`
 */
export function prepareFile(path: string): void {
  if (!existsSync(path)) {
    // SQLite would take them for those of the new database.
    const left = COMPANIONS.find(suffix => existsSync(path + suffix));
    if (left !== undefined && !existsSync(path)) {
      const why = `state.db was removed, but not state.db${left}; remove that too`;
      throw new SlipwayError('SLIP_STORE_UNAVAILABLE', { why });
    }
    try {
      closeSync(openSync(path, 'wx', 0o600));
    } catch (error) {
      if (fileErrorCode(error) !== 'EEXIST') throw error;
    }
  }
  for (const suffix of ['', ...COMPANIONS]) restrict(path + suffix);
}

function restrict(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats !== undefined && (stats.mode & 0o077) !== 0 && process.platform !== 'win32') chmodSync(path, 0o600);
}

/** Tells one file from another that took its place; undefined when there is none. */
export function fileIdentity(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats && `${stats.dev}:${stats.ino}`;
  } catch {
    return undefined; // The directory became something else, or may no longer be entered.
  }
}
