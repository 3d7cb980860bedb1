import { SlipwayError } from '../protocol/coded-error.ts';

/**
 * The value of a switch of a command's own, which is no key of the configuration; undefined where it was not given.
 *
 * @throws SlipwayError `SLIP_CLI_USAGE`
 */
export function switchValue(name: string, text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw new SlipwayError('SLIP_CLI_USAGE', { why: `--${name} takes true or false` });
}
