import { terminalIsGone } from './terminal.ts';

/** POSIX: a process that a signal ended reports 128 plus the signal's number. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type StopSignal = keyof typeof EXIT_CODES;

export interface Stoppable {
  readonly begun: boolean;
  /** @param hurry a person waits for it at the terminal, or did until now */
  stop(hurry: boolean): void;
  /** SIGHUP, though the terminal is not gone; default: stop. */
  reload?(): void;
  /** A second signal: right before the process exits. */
  atOnce?(): void;
}

/**
 * Ctrl-C, SIGTERM and the end of the terminal let the calls in flight finish and exit with 0; a second signal exits at
 * once. Loading the server file comes before this, so a signal during the start ends the process as usual.
 */
export function stopOnSignals(stoppable: Stoppable): void {
  const onSignal = (signal: StopSignal) => {
    if (!stoppable.begun) {
      if (signal === 'SIGHUP' && stoppable.reload !== undefined && !terminalIsGone()) return stoppable.reload();
      process.stderr.write('slipway: stopping; calls in flight may finish. Once more stops at once.\n');
      stoppable.stop(signal === 'SIGHUP' || (signal === 'SIGINT' && process.stdin.isTTY === true));
    } else if (signal !== 'SIGHUP') {
      // A closing terminal sends SIGHUP twice (kernel and shell), systemd may send one after SIGTERM.
      stoppable.atOnce?.();
      process.exit(EXIT_CODES[signal]);
    }
  };
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
}
