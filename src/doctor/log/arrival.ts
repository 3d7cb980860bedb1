/** One request, as a log has it. */
export interface Arrival {
  /** Milliseconds since 1970; undefined where the line has no time that can be read. */
  readonly timeMs: number | undefined;
  /** Of the client, or of the last proxy before this log. */
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
  /** What was asked: `POST /mcp` in a web server's log, `tools/call` in Slipway's. */
  readonly request: string;
  /** What was answered: a status, or the outcome of a call. */
  readonly answer: string;
  /** Whether that is a success. */
  readonly isGood: boolean;
  /** The line itself says that it was Claude. */
  readonly saysClaude: boolean;
}

/** Reads a line of one format; undefined for any other. */
export type LineReader = (line: string) => Arrival | undefined;
