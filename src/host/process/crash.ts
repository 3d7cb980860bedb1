/** What becomes of a process when something is thrown that nobody catches. */
import { logInternal } from '../../server/fault.ts';
import type { Logger } from '../../server/logger.ts';
import { isSuspension } from '../../server/suspension.ts';

/** A timer that throws again and again must not fill the log while calls in flight finish. */
const MAX_LOGGED = 10;

/**
 * Logs what nobody catches and has the process end: its state can not be trusted any more. Two kinds of rejections do
 * not end it: a suspension (what a replayed handler that did not await a question leaves behind), and, as in Node
 * itself, any at all when the server file listens for `unhandledRejection` on its own.
 *
 * @param end begins to stop the process, with exit code 1; called once
 */
export function endOnCrash(logger: Logger, end: () => void): void {
  let count = 0;
  const crash = (error: unknown, during: string) => {
    if (++count <= MAX_LOGGED) logInternal(logger, error, { during });
    if (count === 1) end();
  };
  const onRejection = (reason: unknown) => {
    if (isSuspension(reason)) {
      const { message } = reason;
      logger.warn({ during: 'unhandled rejection' }, message);
    } else if (process.listeners('unhandledRejection').every(listener => listener === onRejection)) {
      crash(reason, 'unhandled rejection');
    }
  };
  process.on('unhandledRejection', onRejection);
  process.on('uncaughtException', error => crash(error, 'uncaught exception'));
}
