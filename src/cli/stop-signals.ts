import { armWatchdog } from './watchdog.ts';

/** POSIX: a process that a signal ended reports 128 plus the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Ctrl-C and SIGTERM let the calls in flight finish and exit with 0; a second signal exits at once.
 * Loading the server file comes before this, so a signal during the start ends the process as usual.
 *
 * @param graceMs that `close()` gives to the calls in flight
 */
export function stopOnSignals(running: { close(): Promise<void> }, graceMs: number): void {
  let stopping = false;
  const stop = async (signal: keyof typeof EXIT_CODES) => {
    if (stopping) process.exit(EXIT_CODES[signal]);
    stopping = true;
    armWatchdog(graceMs);
    process.stderr.write('slipway: stopping; calls in flight may finish. Once more stops at once.\n');
    await running.close();
    // The server file may hold timers or connections of its own; nobody is left to use them.
    process.exit();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal));
}
