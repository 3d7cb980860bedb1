import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { SlipwayError } from '../protocol/coded-error.ts';
import { fileErrorCode, fileFault } from '../state/file-fault.ts';
import { prepareStateDirectory } from '../state/state-directory.ts';

const SECRET_BYTES = 32;

/**
 * The secrets that belong to a state directory, in its file `secrets`, one per line. The file is made when there is none:
 * whole and at once, so that processes which start together end with the same one.
 *
 * @throws SlipwayError `SLIP_STATE_DIRECTORY`; `SLIP_INVALID_OPTION` when others may read the file
 */
export function keyFile(stateDir: string): { readonly path: string; readonly text: string } {
  const directory = prepareStateDirectory(stateDir);
  const path = join(directory, 'secrets');
  try {
    const text = read(path);
    if (text !== undefined) return { path, text };
    make(directory, path);
    return { path, text: read(path) ?? '' };
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    const why = `its file secrets: ${fileFault(error)}`;
    throw new SlipwayError('SLIP_STATE_DIRECTORY', { directory: stateDir, why }, { cause: error });
  }
}

function read(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { mode, uid } = fstatSync(file);
    if (process.platform !== 'win32') assertPrivate(path, mode, uid);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/**
 * What everybody may read is no secret any more. A group may have been given access by whoever mounts the volume: that is
 * taken back, unless the file is another user's, who then meant to share it with us in this way.
 */
function assertPrivate(path: string, mode: number, uid: number): void {
  if ((mode & 0o007) !== 0) {
    const why = 'every user of this machine may read it; run chmod 600 on it, and put a new secret on its first line';
    throw new SlipwayError('SLIP_INVALID_OPTION', { option: path, why });
  }
  if ((mode & 0o070) !== 0 && uid === process.getuid?.()) chmodSync(path, 0o600);
}

/** Does nothing if another process was faster. */
function make(directory: string, path: string): void {
  const secret = `${randomBytes(SECRET_BYTES).toString('base64url')}\n`;
  const draft = join(directory, `secrets.${randomBytes(8).toString('hex')}.tmp`);
  try {
    writeNew(draft, secret);
    // Unlike a rename, this fails if there is one already.
    linkSync(draft, path);
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP') writeUnlessThere(path, secret);
    else if (code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** For file systems without hard links. */
function writeUnlessThere(path: string, secret: string): void {
  try {
    writeNew(path, secret);
  } catch (error) {
    if (fileErrorCode(error) !== 'EEXIST') throw error;
  }
}

function writeNew(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
