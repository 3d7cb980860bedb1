/**
 * Tells systemd what becomes of this service; sd_notify(3). Node has no AF_UNIX datagram sockets, so each message is
 * sent by the program `systemd-notify`: the unit needs NotifyAccess=all.
 */
import { spawn } from 'node:child_process';
import type { Logger } from '../../server/logger.ts';

const PROGRAM = 'systemd-notify';
/** It waits up to 5 seconds for systemd itself. */
const PROGRAM_TIMEOUT_MS = 7_000;

export class ServiceNotify {
  readonly #env: NodeJS.ProcessEnv;
  readonly #logger: Logger;
  /** Messages reach systemd in their order. */
  #last: Promise<void> = Promise.resolve();
  #isMissing = false;
  #failures = 0;
  #pending = 0;

  /**
   * Takes the variables out of the environment: they are not for what this process starts.
   *
   * @returns undefined when no service manager listens
   */
  static fromEnvironment(logger: Logger, env: NodeJS.ProcessEnv = process.env): ServiceNotify | undefined {
    const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: usec, WATCHDOG_PID: pid } = env;
    for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name];
    if (socket === undefined || socket === '') return undefined;
    const notify = new ServiceNotify(socket, env['PATH'], logger);
    if (usec !== undefined && (pid === undefined || Number(pid) === process.pid)) notify.#watch(usec);
    return notify;
  }

  private constructor(socket: string, path: string | undefined, logger: Logger) {
    this.#env = { NOTIFY_SOCKET: socket, ...(path !== undefined && { PATH: path }) };
    this.#logger = logger;
  }

  ready(status: string): void {
    void this.#send('READY=1', status);
  }

  /** Its end is told by {@link ready}. */
  reloading(status: string): void {
    void this.#send('RELOADING=1', status, `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`);
  }

  /**
   * @param withinMs that stopping may take, whatever TimeoutStopSec= says
   * @returns when it is told
   */
  stopping(status: string, withinMs: number): Promise<void> {
    return this.#send('STOPPING=1', status, `EXTEND_TIMEOUT_USEC=${withinMs * 1000}`);
  }

  /** Says half as often as systemd waits that the event loop turns. */
  #watch(usec: string): void {
    const everyMs = Number(usec) / 2000;
    if (!(everyMs >= 1)) return this.#logger.warn({ WATCHDOG_USEC: usec }, 'WATCHDOG_USEC is no time in microseconds');
    // One that still waits says the same.
    setInterval(() => {
      if (this.#pending === 0) void this.#send('WATCHDOG=1');
    }, everyMs).unref();
  }

  #send(state: string, status?: string, ...more: string[]): Promise<void> {
    const lines = [state, ...(status === undefined ? [] : [`STATUS=${status.replace(/\s+/g, ' ')}`]), ...more];
    this.#pending++;
    this.#last = this.#last.then(async () => {
      if (!this.#isMissing) await this.#run(lines);
      this.#pending--;
    });
    return this.#last;
  }

  #run(lines: readonly string[]): Promise<void> {
    return new Promise(resolve => {
      const child = spawn(PROGRAM, lines, { env: this.#env, stdio: 'ignore', timeout: PROGRAM_TIMEOUT_MS });
      child.once('error', (error: NodeJS.ErrnoException) => {
        this.#isMissing = error.code === 'ENOENT';
        this.#failed(lines, `can not be run (${error.message})`);
        resolve();
      });
      child.once('exit', (code, signal) => {
        if (code === 0) this.#failures = 0;
        else this.#failed(lines, `ended with ${signal ?? `code ${code}`}`);
        resolve();
      });
    });
  }

  /** The next message is tried all the same: a machine short of memory recovers. */
  #failed([message]: readonly string[], why: string): void {
    if (++this.#failures > 1) return;
    const what = `systemd is not told: ${PROGRAM} ${why}. The unit needs it on its PATH, and NotifyAccess=all`;
    this.#logger.warn({ message }, what);
  }
}
