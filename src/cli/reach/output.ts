/** What a command prints: its result on standard output, everything else on standard error. */
import { takeStandardOutput } from '../../transport/stdio/standard-output.ts';

export interface Output {
  /** Resolves once the reader has it, or has left. */
  write(text: string): Promise<void>;
}

/** Somebody who reads only the beginning (`| head`) is no fault. */
function ignoreHangUp(stream: NodeJS.WriteStream): void {
  stream.on('error', error => {
    if (!('code' in error) || error.code !== 'EPIPE') throw error;
  });
}

/** @param ownsServer whether a server file runs in this process: what that prints goes to standard error */
export function openOutput(ownsServer: boolean): Output {
  ignoreHangUp(process.stdout);
  const write = ownsServer ? takeStandardOutput().write : process.stdout.write.bind(process.stdout);
  return {
    write: text => new Promise(resolve => write.call(process.stdout, text, 'utf8', () => resolve())),
  };
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
