import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { SlipwayError } from '../protocol/coded-error.ts';
import { fileFault } from './file-fault.ts';
import { makeFolder } from './make-folder.ts';

/**
 * Makes the state directory if there is none, for this user only. One that exists keeps its permissions: volumes are
 * often shared with a group.
 *
 * @returns its absolute path
 * @throws SlipwayError `SLIP_STATE_DIRECTORY`
 */
export function prepareStateDirectory(directory: string): string {
  const absolute = resolve(directory);
  try {
    makeFolder(absolute, 0o700);
    accessSync(absolute, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SlipwayError('SLIP_STATE_DIRECTORY', { directory, why: fileFault(error) }, { cause: error });
  }
  return absolute;
}
