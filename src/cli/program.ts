import { Command as Commander, CommanderError } from 'commander';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { Command, FlagValues } from './command.ts';
import { version } from './version.ts';

function examplesOf(commands: readonly Command[]): string {
  const examples = commands.flatMap(command => command.examples);
  const width = Math.max(...examples.map(({ line }) => line.length));
  return ['', 'Examples:', ...examples.map(({ line, does }) => `  ${line.padEnd(width)}  ${does}`), ''].join('\n');
}

function describe(command: Command, into: Commander): void {
  const sub = into.command(command.name).summary(command.summary).description(command.summary);
  if (command.argument !== undefined) sub.argument(`[${command.argument.name}]`, command.argument.summary);
  const attributes = command.flags.map(flag => {
    const written = flag.value === undefined ? `--${flag.name}` : `--${flag.name} <${flag.value}>`;
    const option = sub.createOption(written, flag.summary);
    sub.addOption(option);
    return [flag.name, option.attributeName()] as const;
  });
  sub.addHelpText('after', examplesOf([command]));
  if (command.note !== undefined) sub.addHelpText('after', command.note);
  sub.action(async () => {
    const given = attributes.map(([name, key]) => [name, sub.getOptionValue(key)] as const);
    const values: FlagValues = Object.fromEntries(
      given.map(([name, value]) => [name, value === true ? 'true' : (value as string | undefined)]),
    );
    await command.run(sub.args[0], values);
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
  for (const command of commands) describe(command, program);
  program.addHelpText('after', examplesOf(commands));
  if (argv.length === 0) {
    program.outputHelp();
    return;
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return; // The help or the version was asked for, and printed.
    const why = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
    throw new SlipwayError('SLIP_CLI_USAGE', { why: `${why.charAt(0).toUpperCase()}${why.slice(1)}` });
  }
}
