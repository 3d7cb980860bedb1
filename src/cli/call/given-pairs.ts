import { SlipwayError } from '../../protocol/coded-error.ts';

/** `key=value`, or `key:=json`. */
export interface GivenPair {
  readonly key: string;
  readonly text: string;
  /** Whether the text is JSON and taken as it is. */
  readonly json: boolean;
}

/** The parts of a word; undefined when it is no such pair. */
export function pairOf(word: string): GivenPair | undefined {
  const [, key, colon, text] = /^([^=]+?)(:?)=(.*)$/s.exec(word) ?? [];
  return key === undefined || text === undefined ? undefined : { key, text, json: colon === ':' };
}

/**
 * A value that is given as JSON.
 *
 * @param of for the message: what it belongs to
 * @throws SlipwayError `SLIP_CLI_USAGE`
 */
export function jsonOf(text: string, of: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SlipwayError('SLIP_CLI_USAGE', { why: `${of} is no JSON: ${why.split('\n', 1)[0]}` }, { cause: error });
  }
}
