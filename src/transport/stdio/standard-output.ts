/**
 * Keeps standard output for messages: "The server MUST NOT write anything to its stdout that is not a valid MCP message"
 * (MCP 2026-07-28, basic/transports/stdio). What else this process prints goes to standard error meanwhile.
 */
import type { Writable } from 'node:stream';

export interface StandardOutput {
  /** Writes to the real standard output. */
  readonly write: Writable['write'];
  /** Gives it back; once everybody has, printing is as before. */
  release(): void;
}

let holders = 0;
let original: typeof process.stdout.write | undefined;

function redirect(): typeof process.stdout.write {
  const real = process.stdout.write;
  // `console` and everything else that writes to the stream comes through its `write`.
  process.stdout.write = ((...rest: Parameters<typeof process.stderr.write>) =>
    process.stderr.write(...rest)) as typeof process.stdout.write;
  return real;
}

/** Takes standard output for messages. Code that writes to file descriptor 1 by itself is out of reach. */
export function takeStandardOutput(): StandardOutput {
  original ??= redirect();
  holders++;
  let held = true;
  return {
    write: original.bind(process.stdout) as Writable['write'],
    release: () => {
      if (!held) return;
      held = false;
      holders--;
      if (holders > 0 || original === undefined) return;
      process.stdout.write = original;
      original = undefined;
    },
  };
}
