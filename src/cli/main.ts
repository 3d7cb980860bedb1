import { parseArgs } from 'node:util';
import { SlipwayError } from '../protocol/coded-error.ts';
import { type Command, type FlagValues, flagsOf, mostArguments, type RestOfLine } from './command.ts';
import { COMMANDS } from './commands.ts';
import { takeSwitches } from './switches.ts';

interface Line {
  readonly command: Command;
  readonly argument?: string;
  readonly values: FlagValues;
  readonly rest: RestOfLine;
}

type Parsed = Readonly<Record<string, string | string[]>>;

/** What was given more than once: lists are joined, of others the last one counts. */
function asText(parsed: Parsed, names: ReadonlySet<string>): FlagValues {
  const given = Object.entries(parsed).filter(([name]) => !names.has(name));
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

/** The flags whose values stay apart. */
function asGiven(parsed: Parsed, names: ReadonlySet<string>): RestOfLine['repeated'] {
  const given = Object.entries(parsed).filter(([name]) => names.has(name));
  return Object.fromEntries(given.map(([name, value]) => [name, [value].flat()]));
}

/**
 * Reads a command line that is plainly well-formed without loading commander, which would take a tenth of the time from
 * start to ready. Undefined for anything else (help, misspelt or missing values): commander has the words for those.
 */
function plainLine(argv: readonly string[]): Line | undefined {
  const command = COMMANDS.find(({ name }) => name === argv[0]);
  if (command === undefined) return undefined;
  const flags = flagsOf(command);
  const { values: switches, rest } = takeSwitches(argv.slice(1), flags);
  try {
    const { values, positionals } = parseArgs({
      args: [...rest],
      options: Object.fromEntries(
        flags
          .filter(({ value }) => value !== undefined)
          .map(({ name, list, repeated }) => [
            name,
            { type: 'string' as const, multiple: (list ?? repeated) === true },
          ]),
      ),
      allowPositionals: true,
    });
    if (positionals.length > mostArguments(command)) return undefined;
    const [argument, ...more] = positionals;
    const apart = new Set(flags.filter(({ repeated }) => repeated === true).map(({ name }) => name));
    const given = { ...values } as Parsed;
    return {
      command,
      argument,
      values: { ...switches, ...asText(given, apart) },
      rest: { more, repeated: asGiven(given, apart) },
    };
  } catch {
    return undefined;
  }
}

/** One line for each thing that is wrong, where there are several. */
function explainConfiguration({ details, fix, code }: SlipwayError): string | undefined {
  const problems = String(details['problems']).split('\n');
  if (problems.length < 2) return undefined;
  return ['slipway: The configuration is not valid:', ...problems, `${fix} (${code})`].join('\n  ').concat('\n');
}

/** One line on stderr for what the user can mend; the stack only for what is a fault of ours. */
function explain(error: unknown): string {
  const listed = error instanceof SlipwayError && error.code === 'SLIP_CONFIG_INVALID' && explainConfiguration(error);
  if (listed) return listed;
  if (error instanceof SlipwayError) return `slipway: ${error.message.replace(/\s*\n\s*/g, ' ')}\n`;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `slipway: this should not have happened, please report it.\n${detail}\n`;
}

/**
 * The command `slipway`.
 *
 * @param argv the arguments after the program's name
 * @returns when the command has done its work; `start` returns once it listens. Errors end the process with the
 * command's code, most often 1.
 */
export async function main(argv: readonly string[]): Promise<void> {
  // Whoever reads the output may stop before its end, as `head` does; the rest goes nowhere.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    const line = plainLine(argv);
    if (line !== undefined) await line.command.run(line.argument, line.values, line.rest);
    else await (await import('./program.ts')).runProgram(COMMANDS, argv);
  } catch (error) {
    // A server file may have opened handles before it failed, so the process would not end by itself.
    const code = COMMANDS.find(({ name }) => name === argv[0])?.failureCode ?? 1;
    process.stderr.write(explain(error), () => process.exit(code));
  }
}
