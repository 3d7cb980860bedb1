import { Command as Commander, CommanderError, Help } from 'commander';
import { version } from '../host/version.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import { argumentsOf, type Command, type Flag, type FlagValues, flagsOf, type RestOfLine } from './command.ts';
import { takeSwitches } from './switches.ts';

function examplesOf(examples: Command['examples']): string {
  const width = Math.max(...examples.map(({ line }) => line.length));
  return ['', 'Examples:', ...examples.map(({ line, does }) => `  ${line.padEnd(width)}  ${does}`), ''].join('\n');
}

/** Adds one option; returns its flag's name with commander's own name for it. */
function addFlag(flag: Flag, into: Commander): readonly [string, string] {
  const written = flag.value === undefined ? `--${flag.name}` : `--${flag.name} <${flag.value}>`;
  const option = into.createOption(written, flag.summary);
  if (flag.list === true) {
    option.argParser<string>((value, previous) => (previous === undefined ? value : `${previous},${value}`));
  } else if (flag.repeated === true) {
    option.argParser<string[]>((value, previous = []) => [...previous, value]);
  }
  into.addOption(option);
  return [flag.name, option.attributeName()];
}

/** Leaves the other flags out of the help, but not out of the suggestions for misspelt ones. */
function showOnly(flags: readonly Flag[], command: Commander): void {
  const shown = new Set(['help', ...flags.map(({ name }) => name)]);
  command.configureHelp({
    formatHelp: (of, helper) => {
      const all = helper.visibleOptions(of);
      helper.visibleOptions = () => all.filter(option => shown.has(option.name()));
      return Help.prototype.formatHelp.call(helper, of, helper);
    },
  });
}

/** A flag whose value was forgotten takes the next one for it. */
function assertOwnValue(command: Command, name: string, value: string | undefined): void {
  const [, next] = /^--(?:no-)?([a-z-]+)/.exec(value ?? '') ?? [];
  if (next === undefined || !flagsOf(command).some(flag => flag.name === next)) return;
  throw new SlipwayError('SLIP_CLI_USAGE', { why: `--${name} takes a value, and '${value}' follows it` });
}

function describe(command: Command, into: Commander, switches: Readonly<Record<string, string>>): void {
  const sub = into.command(command.name).summary(command.summary).description(command.summary);
  for (const { name, summary } of argumentsOf(command)) sub.argument(`[${name}]`, summary);
  const attributes = flagsOf(command).map(flag => addFlag(flag, sub));
  showOnly(command.flags, sub);
  sub.addHelpText('after', examplesOf(command.examples));
  if (command.note !== undefined) sub.addHelpText('after', command.note);
  sub.action(async () => {
    type Given = readonly [name: string, value: string | readonly string[] | undefined];
    const given = attributes.map(([name, key]): Given => [name, sub.getOptionValue(key)]);
    for (const [name, value] of given) for (const one of [value].flat()) assertOwnValue(command, name, one);
    const isText = (one: Given): one is readonly [string, string] => typeof one[1] === 'string';
    const isApart = (one: Given): one is readonly [string, readonly string[]] => Array.isArray(one[1]);
    const values: FlagValues = Object.fromEntries(given.filter(isText));
    const repeated: RestOfLine['repeated'] = Object.fromEntries(given.filter(isApart));
    const [argument, ...more] = sub.args;
    await command.run(argument, { ...values, ...switches }, { more, repeated });
  });
}

/**
 * Reads a command line with commander: help, version, suggestions for what is misspelt; then runs the command.
 *
 * @throws SlipwayError `SLIP_CLI_USAGE` for a line that is not understood, and whatever the command throws
 */
export async function runProgram(commands: readonly Command[], argv: readonly string[]): Promise<void> {
  const program = new Commander('slipway')
    .description('Puts an MCP server into production: one URL, both protocol eras.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    // What went wrong is printed once, by main.ts, in the words of every other error.
    .configureOutput({ writeErr: () => {} });
  const named = commands.find(({ name }) => name === argv[0]);
  const { values, rest } = takeSwitches(argv, named === undefined ? [] : flagsOf(named));
  for (const command of commands) describe(command, program, values);
  // Each command shows its others itself.
  program.addHelpText('after', examplesOf(commands.flatMap(({ examples }) => examples.slice(0, 1))));
  if (argv.length === 0) {
    program.outputHelp();
    return;
  }
  try {
    await program.parseAsync([...rest], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return; // The help or the version was asked for, and printed.
    throw new SlipwayError('SLIP_CLI_USAGE', { why: why(error.message) });
  }
}

/** In the words of our errors. The value of an unknown option may be a secret. */
function why(message: string): string {
  const plain = message
    .replace(/^error: /, '')
    .replace(/'(--[\w-]+)=.*'/s, "'$1'")
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}`;
}
