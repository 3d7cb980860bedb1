/** How often and how long, in milliseconds. Tests shorten some. */
export interface Timing {
  /** Between looks at whether another process has written. */
  readonly pollMs: number;
  /** Between looks at whether the file is still the one that is open, and between attempts to open it again. */
  readonly checkMs: number;
  /** How long a write waits for the lock of another process. */
  readonly lockWaitMs: number;
  /** Between signs of life, and how long each is good for. */
  readonly renewMs: number;
  readonly leaseMs: number;
  /** Between looks at what may be forgotten. */
  readonly pruneMs: number;
}

export const DEFAULT_TIMING: Timing = {
  pollMs: 30,
  checkMs: 1_000,
  lockWaitMs: 5_000,
  renewMs: 2_000,
  leaseMs: 10_000,
  pruneMs: 5_000,
};
