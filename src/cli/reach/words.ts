import { SlipwayError } from '../../protocol/coded-error.ts';

/**
 * The words of a command as a shell would see them: separated by white space, with quotes and backslashes. Nothing else of
 * a shell: no variables, no patterns, no pipes.
 *
 * @throws SlipwayError `SLIP_CLI_USAGE` for a quote that does not end
 */
export function wordsOf(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < command.length; at++) {
    const character = command.charAt(at);
    if (character === '\\' && quote !== "'" && at + 1 < command.length) word = (word ?? '') + command.charAt(++at);
    else if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== undefined)
    throw new SlipwayError('SLIP_CLI_USAGE', { why: `The command has a ${quote} without its end` });
  if (word !== undefined) words.push(word);
  return words;
}
