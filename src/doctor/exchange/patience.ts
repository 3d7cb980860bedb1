/**
 * A time-out that counts only time in which this process ran. On a busy machine the doctor itself is held up; what has
 * arrived meanwhile is read late, and that must not look like a server that stays silent.
 */

/** The clock is looked at so often within a time-out, and no less than each 50 ms. */
const LOOKS = 20;
const MAX_INTERVAL_MS = 50;
/** A look that comes later than this many intervals was held up; the rest of the delay does not count. */
const MAX_LATENESS = 2;
/** Whatever holds it up, after this many times the time-out it is over. */
const MAX_STRETCH = 4;

/**
 * @param ms of time in which this process ran
 * @returns stops it
 */
export function awakeTimeout(ms: number, onOver: () => void): () => void {
  const intervalMs = Math.max(1, Math.min(MAX_INTERVAL_MS, ms / LOOKS));
  const begun = performance.now();
  let last = begun;
  let awake = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    awake += Math.min(now - last, MAX_LATENESS * intervalMs);
    last = now;
    if (awake < ms && now - begun < MAX_STRETCH * ms) return;
    clearInterval(timer);
    onOver();
  }, intervalMs);
  return () => clearInterval(timer);
}
