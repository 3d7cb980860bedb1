import type { Flag } from './command.ts';

/**
 * Takes the switches out of a command line: `--quiet`, `--quiet=false`, `--no-quiet`. Neither parser of ours can read all
 * three forms without taking an argument that follows for the value.
 *
 * @returns their texts, the last of each, and the line without them
 */
export function takeSwitches(
  argv: readonly string[],
  flags: readonly Flag[],
): { readonly values: Record<string, string>; readonly rest: readonly string[] } {
  const isSwitch = new Map(flags.map(({ name, value }) => [name, value === undefined]));
  const values: Record<string, string> = {};
  const rest: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '--') return { values, rest: [...rest, ...argv.slice(at)] };
    const [, name, text] = /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(word) ?? [];
    const negated = name?.startsWith('no-') === true ? name.slice('no-'.length) : undefined;
    if (name !== undefined && isSwitch.get(name) === true) values[name] = text ?? 'true';
    else if (negated !== undefined && text === undefined && isSwitch.get(negated) === true) values[negated] = 'false';
    else {
      rest.push(word);
      // What follows is this flag's value, whatever it looks like.
      const takesNext = name !== undefined && text === undefined && isSwitch.get(name) === false;
      if (takesNext && at + 1 < argv.length) rest.push(argv[++at]!);
    }
  }
  return { values, rest };
}
