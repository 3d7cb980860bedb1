/** How an answer leaves: implemented for node:http and for fetch hosts. */

export type Headers = Readonly<Record<string, string>>;

export interface Responder {
  /** Headers for every answer to this request (CORS); set before anything is sent. */
  extraHeaders: Headers | undefined;
  /** Whether somebody accounts for the answer, whatever its status; otherwise 400 and above is a refusal. */
  accounted: boolean;
  /** Sends a JSON body with its Content-Length, in one write. */
  sendJson(status: number, body: string, headers?: Headers): void;
  /** Sends a JSON body that ends in bytes which exist already. */
  sendPrepared(head: string, tail: Buffer): void;
  /** Sends an answer without a body, or with one of another type. */
  sendOther(status: number, headers: Headers, body?: string): void;
  /** Begins an event stream. */
  stream(headers?: Headers): EventStream;
  /** Sends a stream that consists of one piece, in one write. */
  sendStream(text: string): void;
  /** Whether nobody reads any more. */
  readonly gone: boolean;
  /** Calls back once when the client goes away before the answer is complete; soon, when it has already. */
  onGone(listener: () => void): void;
}

export interface EventStream {
  /**
   * Writes text. Returns a promise while the reader does not keep up: whoever awaits it is slowed down, whoever does not
   * fills the buffer, and beyond its bound the stream is cut.
   */
  write(text: string): void | Promise<void>;
  /** Writes the last text and ends. */
  end(text?: string): void;
}

/** What every event stream is sent with; MCP 2026-07-28, basic/transports/streamable-http, "Receiving Messages". */
export const STREAM_HEADERS: Headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** One JSON-RPC message as an event. */
export function eventOf(message: string): string {
  return `event: message\ndata: ${message}\n\n`;
}

/** A line that keeps a silent connection open; clients ignore it. */
export const COMMENT = ': keep-alive\n\n';
