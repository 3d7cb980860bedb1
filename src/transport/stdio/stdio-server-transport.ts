/** A server's end of stdio: one JSON-RPC message per line. MCP 2026-07-28, basic/transports/stdio. */
import type { Readable, Writable } from 'node:stream';
import { SlipwayError } from '../../protocol/coded-error.ts';
import type { JSONRPCMessage } from '../../protocol/json-rpc.ts';
import { serializeMessage } from '../../server/message-framing.ts';
import type { Transport } from '../../server/transport.ts';
import { resolveStdioLimits, type StdioLimits } from './limits.ts';
import { LineReader } from './line-reader.ts';
import { LineWriter } from './line-writer.ts';
import { type MessageLine, oversizedLine, readMessageLine } from './message-line.ts';
import { settledWithin } from './patience.ts';
import { type StandardOutput, takeStandardOutput } from './standard-output.ts';

export interface StdioServerTransportOptions extends Partial<StdioLimits> {
  /** The official SDK's name for `maxBodyBytes`. */
  maxBufferSize?: number;
}

/** How long a closing transport waits for a client that takes nothing of what was sent, and for one that reads slowly. */
const FLUSH_IDLE_MS = 1_000;
const FLUSH_MS = 5_000;

/** Errors of an output that its reader has left: the end of a connection, and no fault. */
const HUNG_UP = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END', 'EOF']);

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}

/**
 * Speaks with one client over the standard streams of this process, or over any other pair. Lines that are no messages
 * are answered with the errors of JSON-RPC; the end of the input ends the connection once calls in flight are answered,
 * for which they have `graceMs`. While it holds standard output, whatever else is printed goes to standard error.
 *
 * @example
 * await server.connect(new StdioServerTransport());
 */
export class StdioServerTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  oninputend?: () => Promise<void>;

  readonly #stdin: Readable;
  readonly #stdout: Writable;
  readonly #limits: StdioLimits;
  readonly #reader: LineReader;
  #writer: LineWriter | undefined;
  #standardOutput: StandardOutput | undefined;
  #started = false;
  #inputEnded = false;
  /** Why nothing is read: answers wait for the client, or requests for a free place. */
  #outputFull = false;
  #inputFull = false;
  #holding = false;
  #heldBytes = 0;
  #stallTimer: NodeJS.Timeout | undefined;
  #closed: Promise<void> | undefined;

  /** @throws SlipwayError `SLIP_INVALID_OPTION` */
  constructor(
    stdin: Readable = process.stdin,
    stdout: Writable = process.stdout,
    options: StdioServerTransportOptions = {},
  ) {
    const { maxBufferSize, ...rest } = options;
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#limits = resolveStdioLimits(maxBufferSize === undefined ? rest : { maxBodyBytes: maxBufferSize, ...rest });
    const { maxBodyBytes, maxJsonDepth } = this.#limits;
    this.#reader = new LineReader(maxBodyBytes, {
      line: bytes => this.#onLine(readMessageLine(bytes, maxJsonDepth)),
      oversized: () => this.#onLine(oversizedLine(maxBodyBytes)),
    });
  }

  /** @throws SlipwayError `SLIP_ALREADY_CONNECTED` */
  async start(): Promise<void> {
    if (this.#started) throw new SlipwayError('SLIP_ALREADY_CONNECTED', { action: 'it can not be started again' });
    this.#started = true;
    if (this.#stdout === process.stdout) this.#standardOutput = takeStandardOutput();
    this.#writer = new LineWriter(this.#stdout, this.#standardOutput?.write);
    this.#stdout.on('error', this.#onOutputError).on('close', this.#onOutputClose);
    this.#stdin.on('error', this.#onInputError).on('end', this.#onInputEnd).on('close', this.#onInputEnd);
    this.#stdin.on('data', this.#onData);
    // Such a stream has told its end already.
    if (this.#stdin.readableEnded || this.#stdin.destroyed) queueMicrotask(this.#onInputEnd);
  }

  /** Resolves once the client keeps up with what it is sent; rejects when the connection is closed. */
  send(message: JSONRPCMessage): Promise<void> {
    // An error in this line is one of the message, and no fault of the connection.
    return this.#write(() => serializeMessage(message));
  }

  /** The messages as one line with an array. */
  sendBatch(messages: readonly JSONRPCMessage[]): Promise<void> {
    return this.#write(() => `${JSON.stringify(messages)}\n`);
  }

  /** Closes at once, save for what was sent already: a client that still reads gets it. */
  close(): Promise<void> {
    this.#closed ??= this.#shut();
    return this.#closed;
  }

  /**
   * Told that requests wait for a free place, and when none does any more: meanwhile no more than `maxBufferedBytes` are
   * read, so that answers and cancellations still arrive.
   */
  hold(holding: boolean): void {
    this.#holding = holding;
    if (holding) return;
    this.#heldBytes = 0;
    this.#inputFull = false;
    this.#resume();
  }

  async #shut(): Promise<void> {
    clearTimeout(this.#stallTimer);
    this.#stdin.off('data', this.#onData).off('end', this.#onInputEnd).off('close', this.#onInputEnd);
    // Others may read the same stream; and the error listeners stay, because an error may come late.
    if (this.#stdin.listenerCount('data') === 0) this.#stdin.pause();
    if (this.#writer !== undefined) await this.#flush(this.#writer);
    this.#stdout.off('close', this.#onOutputClose);
    this.#standardOutput?.release();
    this.onclose?.();
  }

  // Output ------------------------------------------------------------------------------------------------------------

  async #write(line: () => string): Promise<void> {
    if (this.#writer === undefined || this.#closed !== undefined) {
      throw new SlipwayError('SLIP_NOT_CONNECTED', { action: 'nothing can be sent' });
    }
    const { maxBufferedBytes } = this.#limits;
    const written = this.#writer.write(line());
    if (this.#writer.waiting > maxBufferedBytes) this.#pause(this.#writer);
    if (this.#writer.waiting > 4 * maxBufferedBytes) this.#watchForStall(this.#writer);
    await written;
  }

  /** Reads no more requests until the answers are taken. */
  #pause(writer: LineWriter): void {
    if (this.#outputFull) return;
    this.#outputFull = true;
    this.#stdin.pause();
    writer.flush().then(() => {
      this.#outputFull = false;
      this.#resume();
    });
  }

  #resume(): void {
    if (this.#closed === undefined && !this.#outputFull && !this.#inputFull && this.#stdin.isPaused()) {
      this.#stdin.resume();
    }
  }

  /** Leaves a client that lags far behind once it takes nothing at all. */
  #watchForStall(writer: LineWriter): void {
    if (this.#stallTimer !== undefined || this.#closed !== undefined) return;
    const { maxBufferedBytes, stallMs } = this.#limits;
    const check = () => {
      this.#stallTimer = undefined;
      const { waiting } = writer;
      if (waiting <= 4 * maxBufferedBytes) return;
      if (writer.idleMs < stallMs) return this.#watchForStall(writer);
      this.onerror?.(new SlipwayError('SLIP_CLIENT_STALLED', { ms: stallMs, bytes: waiting }));
      void this.close();
    };
    // A timer may fire a little early.
    this.#stallTimer = setTimeout(check, Math.max(1, Math.ceil(stallMs - writer.idleMs) + 1));
  }

  /** What was sent goes out as long as the client takes something. */
  async #flush(writer: LineWriter): Promise<void> {
    const flushed = writer.flush();
    const until = performance.now() + FLUSH_MS;
    while (writer.idleMs < FLUSH_IDLE_MS && performance.now() < until) {
      if (await settledWithin(FLUSH_IDLE_MS / 10, flushed)) return;
    }
    writer.abandon(new SlipwayError('SLIP_NOT_CONNECTED', { action: 'nothing can be sent' }));
  }

  readonly #onOutputError = (error: Error): void => {
    if (!HUNG_UP.has(codeOf(error)) && this.#closed === undefined) this.onerror?.(error);
    void this.close();
  };

  readonly #onOutputClose = (): void => {
    void this.close();
  };

  // Input -------------------------------------------------------------------------------------------------------------

  readonly #onData = (chunk: Buffer | string): void => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    this.#reader.push(bytes);
    if (!this.#holding) return;
    this.#heldBytes += bytes.length;
    if (this.#heldBytes <= this.#limits.maxBufferedBytes || this.#closed !== undefined) return;
    this.#inputFull = true;
    this.#stdin.pause();
  };

  readonly #onInputError = (error: Error): void => {
    if (!HUNG_UP.has(codeOf(error))) this.onerror?.(error);
    this.#onInputEnd();
  };

  readonly #onInputEnd = (): void => {
    if (this.#inputEnded || this.#closed !== undefined) return;
    this.#inputEnded = true;
    this.#reader.end();
    const answered = this.oninputend?.() ?? Promise.resolve();
    settledWithin(this.#limits.graceMs, answered).then(() => this.close());
  };

  #onLine(line: MessageLine): void {
    if (this.#closed !== undefined || line.kind === 'blank') return;
    if (line.kind === 'message') {
      try {
        this.onmessage?.(line.message);
      } catch (error) {
        this.onerror?.(error as Error);
      }
      return;
    }
    this.onerror?.(new Error(line.why));
    if (line.kind === 'fault') this.#write(() => line.answer).catch(() => {});
  }
}
