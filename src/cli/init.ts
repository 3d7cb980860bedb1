/** `slipway init`: a new server, from nothing to a tool that answers. */
import { resolve } from 'node:path';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { FlagValues } from './command.ts';
import { installDependencies } from './init/install.ts';
import { projectFiles } from './init/project-files.ts';
import { nameOfFolder, nameProblem } from './init/project-name.ts';
import type { Answers, Wishes } from './init/questions.ts';
import { releaseOf } from './init/release.ts';
import { assertUsable, copyInto, shownFolder, writeFiles } from './init/target-folder.ts';
import { switchValue } from './switch-value.ts';

/** In words that need quoting, the shell would see several, or something else. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function nextCommands(folder: string, installed: boolean): string {
  const inFolder = shownFolder(folder);
  const lines = [
    ...(inFolder === '.' ? [] : [[`cd ${quoted(inFolder)}`, '']]),
    ...(installed ? [] : [['npm install', '']]),
    ['npm run dev', 'serves it on http://127.0.0.1:8087/mcp, and again whenever you save server.ts'],
    ['npm test', 'calls its tool'],
    ['npx slipway call server.ts add a=1 b=2', 'the same by hand'],
    ['npm run deploy -- --domain mcp.example.com', 'writes what a service behind TLS needs'],
  ] as const;
  const width = Math.max(...lines.map(([line]) => line!.length));
  return lines.map(([line, does]) => `  ${line!.padEnd(width)}  ${does}`.trimEnd()).join('\n');
}

/** Without questions: what is not given is what most people want. */
function defaults({ folder = '.', name, install = true }: Wishes): Answers {
  return { folder, name: name ?? nameOfFolder(resolve(folder)), install };
}

async function install(folder: string, asked: boolean): Promise<void> {
  if (!asked) {
    process.stdout.write('Installing the dependencies with npm ...\n');
    return installDependencies(folder, true);
  }
  const progress = (await import('@clack/prompts')).spinner();
  const stopped = new AbortController();
  // Of Ctrl-C the spinner makes an end of the process that looks like a success.
  const onExit = () => {
    stopped.abort();
    process.exitCode = 130;
    process.stderr.write('The files are in place: run npm install in the folder.\n');
  };
  progress.start('Installing the dependencies with npm');
  process.once('exit', onExit);
  try {
    await installDependencies(folder, false, stopped.signal);
    progress.stop('Dependencies installed');
  } catch (error) {
    progress.error('Dependencies not installed');
    throw error;
  } finally {
    process.off('exit', onExit);
  }
}

/**
 * `slipway init`: writes a new server, installs its dependencies and says what to do next. At a terminal it asks for what
 * the flags leave open, unless `--yes`.
 *
 * @param given the folder; default: the current one, or what the user answers
 * @param values the flags
 * @throws SlipwayError `SLIP_INIT_FOLDER`, `SLIP_INIT_NAME`, `SLIP_INIT_INSTALL`, `SLIP_CLI_USAGE`
 */
export async function init(given: string | undefined, values: FlagValues): Promise<void> {
  const force = switchValue('force', values['force']) === true;
  const wishes: Wishes = {
    folder: given,
    name: values['name'],
    install: switchValue('install', values['install']),
    force,
  };
  const release = releaseOf(values['slipway']);
  if (wishes.name !== undefined) assertName(wishes.name);
  if (given !== undefined) assertUsable(resolve(given), force);
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const asks = isTerminal && switchValue('yes', values['yes']) !== true;
  const answers = asks ? await (await import('./init/questions.ts')).askFor(wishes) : defaults(wishes);
  const { name } = answers;
  const folder = resolve(answers.folder);
  assertUsable(folder, force);
  const files = projectFiles(name, release.spec);
  const replaced = writeFiles(folder, files);
  const copied = release.tarball === undefined ? [] : [copyInto(folder, release.tarball)];
  process.stdout.write(`\n${name} is in ${shownFolder(folder)}: ${[...Object.keys(files), ...copied].join(', ')}\n`);
  if (replaced.length > 0) process.stdout.write(`Overwritten: ${replaced.join(', ')}\n`);
  if (answers.install) await install(folder, asks);
  process.stdout.write(`\nNext\n${nextCommands(folder, answers.install)}\n`);
}

function assertName(name: string): void {
  const why = nameProblem(name);
  if (why !== undefined) throw new SlipwayError('SLIP_INIT_NAME', { name, why });
}
