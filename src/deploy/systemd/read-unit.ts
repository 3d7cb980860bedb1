/** A unit with its drop-ins: the files that `systemctl edit` writes beside it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileErrorCode } from '../../state/file-fault.ts';
import { IncludedFileError } from '../included-file-error.ts';
import { Unit, unitEntries } from './unit.ts';

function dropInsOf(path: string): string[] {
  try {
    const folder = `${path}.d`;
    return readdirSync(folder)
      .filter(name => name.endsWith('.conf') && !name.startsWith('.'))
      .sort()
      .map(name => join(folder, name));
  } catch (error) {
    if (fileErrorCode(error) === undefined) throw error;
    return [];
  }
}

/**
 * @param path of the unit, for its drop-ins
 * @throws UnitSyntaxError, IncludedFileError
 */
export function readUnit(path: string, text: string): Unit {
  const entries = unitEntries(text);
  for (const file of dropInsOf(path)) {
    let added: string;
    try {
      added = readFileSync(file, 'utf8');
    } catch (error) {
      if (fileErrorCode(error) === undefined) throw error;
      continue;
    }
    try {
      entries.push(...unitEntries(added, file));
    } catch (error) {
      throw new IncludedFileError(file, error);
    }
  }
  return new Unit(entries);
}
