/** How rules look at a service unit. */
import type { Place } from '../finding.ts';
import { type Entry, type Unit, wordsOf } from './unit.ts';

/** For a rule that something is missing. */
export const MISSING: readonly Place[] = [{}];
export const NONE: readonly Place[] = [];

export function placeOf({ line, file }: Pick<Entry, 'line' | 'file'>, detail?: string): Place {
  return { line, file, ...(detail !== undefined && { detail }) };
}

/** Where a key is set to something else than it should be; one place without a line where it is not set. */
export function unless(
  unit: Unit,
  section: string,
  key: string,
  accepts: (value: string) => boolean,
): readonly Place[] {
  const entry = unit.last(section, key);
  if (entry === undefined) return MISSING;
  return accepts(entry.value) ? NONE : [placeOf(entry, entry.value)];
}

export interface CommandLine {
  readonly entry: Entry;
  readonly words: readonly string[];
}

/** What the service runs. */
export function commandOf(unit: Unit): CommandLine | undefined {
  const entry = unit.all('Service', 'ExecStart')[0];
  return entry === undefined ? undefined : { entry, words: wordsOf(entry.value.replace(/^[@:+!|-]+/, '')) };
}

export function isDynamic(unit: Unit): boolean {
  return unit.isTrue('Service', 'DynamicUser');
}

/** Whether a setting of ours is made in the unit: as a variable, or as a flag. */
export function isSet(unit: Unit, variable: string): boolean {
  const flag = `--${variable
    .replace(/^SLIPWAY_/, '')
    .toLowerCase()
    .replaceAll('_', '-')}`;
  const words = commandOf(unit)?.words ?? [];
  return unit.environment().has(variable) || words.some(word => word === flag || word.startsWith(`${flag}=`));
}

/** Whether it is made there, or may be in a file that the unit names. */
export function maySet(unit: Unit, variable: string): boolean {
  return isSet(unit, variable) || unit.all('Service', 'EnvironmentFile').length > 0;
}
