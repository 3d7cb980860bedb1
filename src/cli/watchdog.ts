/** Ends a process whose own timers can not: a handler that never lets go keeps every one of them from firing. */
import { Worker } from 'node:worker_threads';

/** Runs on a thread of its own. Plain text, because a worker's file would have to be found from src/ and from dist/. */
const WATCH = `
const { workerData: { beat, afterMs, lastMs } } = require('node:worker_threads');
const end = why => {
  try { require('node:fs').writeSync(2, 'slipway: ' + why + '; the process is ended.\\n'); } catch {}
  process.kill(process.pid, 'SIGKILL');
};
setTimeout(() => end('a call does not end'), lastMs);
setTimeout(() => {
  let seen = Atomics.load(beat, 0);
  setInterval(() => {
    const now = Atomics.load(beat, 0);
    if (now === seen) end('a call keeps it busy beyond the time that calls have to finish');
    seen = now;
  }, 1000);
}, afterMs);
`;

const BEAT_MS = 100;
/** What a stopping process may take beyond its calls and its hooks: to write its logs, and what clients still have to get. */
export const CLOSING_MS = 10_000;

let armed = false;

/**
 * Sees to it that the process ends: when it no longer turns its event loop after `graceMs`, or is still there
 * `closingMs` later. Ending it by itself before that is the rule.
 *
 * @param graceMs that calls in flight have
 * @param closingMs default 10,000
 */
export function armWatchdog(graceMs: number, closingMs: number = CLOSING_MS): void {
  if (armed) return;
  armed = true;
  const beat = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  setInterval(() => Atomics.add(beat, 0, 1), BEAT_MS).unref();
  const workerData = { beat, afterMs: graceMs, lastMs: graceMs + closingMs };
  try {
    // Neither the flags nor the environment of this process, which may load code of the user.
    const worker = new Worker(WATCH, { eval: true, workerData, env: {}, execArgv: [] });
    worker.on('error', () => {});
    worker.unref();
  } catch {
    // Where threads are not permitted, the process ends by its own timers alone.
  }
}
