/** Names that nobody reads, with the one that was most likely meant. */
import { isKey, keyOfVariable } from './given-values.ts';
import { nearest } from './nearest.ts';
import { KEYS, SETTINGS, variableOf } from './settings.ts';

const OTHER_VARIABLES = ['SLIPWAY_CONFIG', 'SLIPWAY_SECRETS_FILE'];

/** @param file its name, for the messages */
export function unknownKeys(keys: readonly string[], file: string): string[] {
  return keys.filter(key => !isKey(key)).map(key => message(`${key} in ${file} is no key`, nearest(key, KEYS)));
}

export function unknownVariables(names: readonly string[]): string[] {
  const unknown = names.filter(name => keyOfVariable(name) === undefined && !OTHER_VARIABLES.includes(name));
  if (unknown.length === 0) return [];
  const bare = (name: string) => name.slice('SLIPWAY_'.length);
  const known = [...KEYS.filter(key => SETTINGS[key].only !== 'file').map(variableOf), ...OTHER_VARIABLES].map(bare);
  return unknown.map(name => {
    const near = nearest(bare(name), known);
    return message(`${name} is no variable of Slipway`, near && `SLIPWAY_${near}`);
  });
}

/** `prot in slipway.config.ts is no key; did you mean port?`. */
function message(what: string, near: string | undefined): string {
  return near === undefined ? what : `${what}; did you mean ${near}?`;
}
