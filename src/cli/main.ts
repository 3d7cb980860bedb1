import { parseArgs } from 'node:util';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { Command, Flag, FlagValues } from './command.ts';
import { COMMANDS } from './commands.ts';

function typeOf(flag: Flag): 'string' | 'boolean' {
  return flag.value === undefined ? 'boolean' : 'string';
}

function asText(values: Readonly<Record<string, string | boolean | undefined>>): FlagValues {
  const texts = Object.entries(values).map(([name, value]) => [name, value === undefined ? undefined : String(value)]);
  return Object.fromEntries(texts);
}

/**
 * Reads a command line that is plainly well-formed without loading commander, which would take a tenth of the time from
 * start to ready. Undefined for anything else (help, misspelt or missing values): commander has the words for those.
 */
function plainLine(argv: readonly string[]): { command: Command; argument?: string; values: FlagValues } | undefined {
  const command = COMMANDS.find(({ name }) => name === argv[0]);
  if (command === undefined) return undefined;
  try {
    const { values, positionals } = parseArgs({
      args: argv.slice(1),
      options: Object.fromEntries(command.flags.map(flag => [flag.name, { type: typeOf(flag) }])),
      allowPositionals: true,
    });
    if (positionals.length > (command.argument === undefined ? 0 : 1)) return undefined;
    return { command, argument: positionals[0], values: asText(values) };
  } catch {
    return undefined;
  }
}

/** One line on stderr for what the user can mend; the stack only for what is a fault of ours. */
function explain(error: unknown): string {
  if (error instanceof SlipwayError) return `slipway: ${error.message.replace(/\s*\n\s*/g, ' ')}\n`;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `slipway: this should not have happened, please report it.\n${detail}\n`;
}

/**
 * The command `slipway`.
 *
 * @param argv the arguments after the program's name
 * @returns when the command has done its work; `start` returns once it listens. Errors end the process with code 1.
 */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    const line = plainLine(argv);
    if (line !== undefined) await line.command.run(line.argument, line.values);
    else await (await import('./program.ts')).runProgram(COMMANDS, argv);
  } catch (error) {
    // A server file may have opened handles before it failed, so the process would not end by itself.
    process.stderr.write(explain(error), () => process.exit(1));
  }
}
