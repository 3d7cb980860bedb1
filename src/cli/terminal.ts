import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Asked at the start: a terminal that is gone is none any more. */
const STARTED_FROM_TERMINAL = [0, 1, 2].some(isatty);

/** Whether SIGHUP means that the terminal of this process is gone, rather than that somebody wants a reload. */
export function terminalIsGone(): boolean {
  if (!STARTED_FROM_TERMINAL) return false;
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return false;
  } catch {
    return true;
  }
}
