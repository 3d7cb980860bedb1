/** One JSON-RPC message per line, as the stdio transport has it (MCP 2026-07-28, basic/transports/stdio). */
import { isJSONRPCMessage, type JSONRPCMessage } from '../protocol/json-rpc.ts';

/** The most bytes that {@link ReadBuffer} holds unless told otherwise: 10 MiB. */
export const STDIO_DEFAULT_MAX_BUFFER_SIZE: number = 10 * 1024 * 1024;

const LINE_FEED = 0x0a;

/**
 * Sorts an unknown value into the JSON-RPC messages.
 *
 * @throws TypeError when it is none
 */
export function parseJSONRPCMessage(value: unknown): JSONRPCMessage {
  if (isJSONRPCMessage(value)) return value;
  throw new TypeError('Not a JSON-RPC message: neither a request, a notification nor a response');
}

/**
 * The message on one line.
 *
 * @throws SyntaxError when the line is not JSON
 * @throws TypeError when the JSON is not a message
 */
export function deserializeMessage(line: string): JSONRPCMessage {
  return parseJSONRPCMessage(JSON.parse(line));
}

/** A message as one line, its line feed included. */
export function serializeMessage(message: JSONRPCMessage): string {
  return `${JSON.stringify(message)}\n`;
}

/** Cuts a stream of bytes into messages. */
export class ReadBuffer {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** How many of the chunks are known to have no line feed. */
  #searched = 0;

  /** @param options - `maxBufferSize`: bytes that may wait for the end of their line; default 10 MiB */
  constructor(options?: { maxBufferSize?: number }) {
    this.#maxBytes = options?.maxBufferSize ?? STDIO_DEFAULT_MAX_BUFFER_SIZE;
  }

  /**
   * Adds what arrived.
   *
   * @throws Error when more bytes wait than allowed; all of them are dropped then
   */
  append(chunk: Buffer): void {
    if (this.#bytes + chunk.length > this.#maxBytes) {
      this.clear();
      throw new Error(`ReadBuffer exceeded maximum size of ${this.#maxBytes} bytes`);
    }
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /**
   * The next message, or null when no whole line is left. Lines that are not JSON are skipped: they are what something
   * in the process printed by mistake.
   *
   * @throws TypeError for a line of JSON that is not a message; the next call goes on behind it
   */
  readMessage(): JSONRPCMessage | null {
    for (let line = this.#takeLine(); line !== undefined; line = this.#takeLine()) {
      try {
        return deserializeMessage(line);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
    return null;
  }

  clear(): void {
    this.#chunks = [];
    this.#bytes = 0;
    this.#searched = 0;
  }

  #takeLine(): string | undefined {
    for (; this.#searched < this.#chunks.length; this.#searched++) {
      const chunk = this.#chunks[this.#searched]!;
      const end = chunk.indexOf(LINE_FEED);
      if (end < 0) continue;
      const line = Buffer.concat([...this.#chunks.slice(0, this.#searched), chunk.subarray(0, end)]);
      this.#chunks.splice(0, this.#searched + 1, chunk.subarray(end + 1));
      this.#bytes -= line.length + 1;
      this.#searched = 0;
      const text = line.toString('utf8');
      return text.endsWith('\r') ? text.slice(0, -1) : text;
    }
    return undefined;
  }
}
