import { defaultText, flagOf, KEYS, SETTINGS } from '../host/configuration/settings.ts';
import type { Flag } from './command.ts';

const FILE: Flag = {
  name: 'config',
  value: 'file',
  summary: 'configuration file (default: slipway.config.ts, .mts, .js or .mjs; none: no file)',
};

function settingFlags(common: boolean): Flag[] {
  const keys = KEYS.filter(key => SETTINGS[key].only === undefined && (SETTINGS[key].common === true) === common);
  return keys.map(key => {
    const { kind, summary } = SETTINGS[key];
    return {
      name: flagOf(key),
      summary: `${summary} (default: ${defaultText(key)})`,
      ...(kind.placeholder !== undefined && { value: kind.placeholder }),
      ...(kind.list === true && { list: true }),
    };
  });
}

/** Those that most people need. */
export const COMMON_FLAGS: readonly Flag[] = [FILE, ...settingFlags(true)];

/** All the other keys of the configuration that have a flag. */
export const OTHER_FLAGS: readonly Flag[] = settingFlags(false);
