/** How much time and memory the doctor gives a server. */
export interface Limits {
  /** Milliseconds for one exchange, from the look-up to the last byte; Claude gives 10 s to most. */
  readonly exchangeMs: number;
  /** Milliseconds for one probe with all its exchanges; what takes longer could not be checked. */
  readonly probeMs: number;
  /** Milliseconds within which a stream's first event, or a held GET's header, has to come to count as not held up. */
  readonly firstEventMs: number;
  /** Milliseconds for which an idle stream is held open with `--write`; fronts cut them after 60 to 125 s. */
  readonly holdMs: number;
  /** Milliseconds that one name server may take. */
  readonly lookupMs: number;
  /** Bytes of one body that are kept and parsed, after decompression. */
  readonly bodyBytes: number;
  /** Bytes of all bodies together; beyond them, {@link FEW_BYTES} of each are kept. */
  readonly allBodyBytes: number;
  /** Bytes of one response's header. */
  readonly headerBytes: number;
  /** Exchanges at one time; more would look like an attack to a rate limit. */
  readonly concurrency: number;
  /** Milliseconds for the whole run; what is not done by then is told as not checked. */
  readonly runMs: number;
}

/** Enough of a body to see what it is. */
export const FEW_BYTES = 64 * 1024;

export const DEFAULT_LIMITS: Limits = {
  exchangeMs: 10_000,
  probeMs: 25_000,
  firstEventMs: 2_000,
  holdMs: 130_000,
  lookupMs: 3_000,
  bodyBytes: 4 * 1024 * 1024,
  allBodyBytes: 48 * 1024 * 1024,
  headerBytes: 64 * 1024,
  concurrency: 6,
  runMs: 180_000,
};
