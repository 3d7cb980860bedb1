/** `npm install` in a new project. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SlipwayError } from '../../protocol/coded-error.ts';

/** Of a release that is on no registry, npm says only that it found nothing. */
const NOT_ON_REGISTRY = /\b(ETARGET|E404)\b.*\bslipway@/s;

function reasonOf(output: string): string {
  if (NOT_ON_REGISTRY.test(output))
    return 'the registry does not have this release of slipway; name a tarball with --slipway';
  const lines = output
    .split('\n')
    .flatMap(line => /^npm (?:error|ERR!) (?!code |errno |syscall |path |A complete log)(.+)/.exec(line)?.[1] ?? []);
  return lines[0]?.trim() ?? 'npm does not say why';
}

/**
 * Installs the dependencies.
 *
 * @param folder of the project, absolute
 * @param shown whether what npm prints goes to the terminal
 * @param signal ends npm
 * @throws SlipwayError `SLIP_INIT_INSTALL`
 */
export async function installDependencies(folder: string, shown: boolean, signal?: AbortSignal): Promise<void> {
  const windows = process.platform === 'win32';
  const child = spawn('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    // npm is a script of the shell there.
    shell: windows,
    ...(signal !== undefined && { signal }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (shown) process.stderr.write(text);
    });
  }
  const failure = await once(child, 'close').then(
    ([code]) => (code === 0 ? undefined : reasonOf(output)),
    (error: Error) => `npm can not be run (${error.message})`,
  );
  if (failure !== undefined) throw new SlipwayError('SLIP_INIT_INSTALL', { why: failure });
}
