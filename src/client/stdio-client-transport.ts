/** A client's end of stdio: starts a command and speaks with it, a message per line. MCP 2026-07-28, basic/transports/stdio. */
import { type ChildProcess, spawn } from 'node:child_process';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { JSONRPCMessage } from '../protocol/json-rpc.ts';
import { serializeMessage } from '../server/message-framing.ts';
import type { Transport } from '../server/transport.ts';
import { LineReader } from '../transport/stdio/line-reader.ts';
import { LineWriter } from '../transport/stdio/line-writer.ts';
import { readMessageLine } from '../transport/stdio/message-line.ts';
import { settledWithin } from '../transport/stdio/patience.ts';
import { LastLines } from './last-lines.ts';

/** What to start. */
export interface StdioCommand {
  readonly command: string;
  readonly args?: readonly string[];
  /** Where it runs; default: here. */
  readonly cwd?: string;
  /** Its whole environment; default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where what it writes to standard error goes: nowhere (default), to that of this process, or to a function. */
  readonly stderr?: 'ignore' | 'inherit' | ((text: string) => void);
}

export interface StdioClientTransportOptions {
  /** Bytes of one line; default 64 MiB. */
  maxAnswerBytes?: number;
  /** Levels of nested arrays and objects in a message; default 256. */
  maxJsonDepth?: number;
  /** Milliseconds that the process may take to end, after its input has and again after SIGTERM; default 2,000. */
  closeTimeoutMs?: number;
}

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_JSON_DEPTH = 256;
const CLOSE_TIMEOUT_MS = 2_000;
/** Time for what a process printed last to arrive. */
const LAST_WORDS_MS = 250;

export class StdioClientTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;

  readonly #command: StdioCommand;
  readonly #options: Required<StdioClientTransportOptions>;
  readonly #lastLines = new LastLines();
  readonly #exited = Promise.withResolvers<void>();
  readonly #explained = Promise.withResolvers<void>();
  #child: ChildProcess | undefined;
  #writer: LineWriter | undefined;
  #closed: Promise<void> | undefined;
  #ending: SlipwayError | undefined;

  constructor(command: StdioCommand, options: StdioClientTransportOptions = {}) {
    this.#command = command;
    this.#options = {
      maxAnswerBytes: options.maxAnswerBytes ?? MAX_ANSWER_BYTES,
      maxJsonDepth: options.maxJsonDepth ?? MAX_JSON_DEPTH,
      closeTimeoutMs: options.closeTimeoutMs ?? CLOSE_TIMEOUT_MS,
    };
  }

  /** The id of the process; undefined before it has started. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** @throws SlipwayError `SLIP_SERVER_COMMAND` when it can not be started */
  async start(): Promise<void> {
    const { command, args = [], cwd, env, stderr = 'ignore' } = this.#command;
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', stderr === 'inherit' ? 'inherit' : 'pipe'],
      windowsHide: true,
      ...(cwd !== undefined && { cwd }),
      ...(env !== undefined && { env: { ...env } }),
    });
    this.#child = child;
    const { promise: started, resolve, reject } = Promise.withResolvers<void>();
    child.once('spawn', resolve);
    child.once('error', error => reject(new SlipwayError('SLIP_SERVER_COMMAND', { command, why: error.message })));
    await started;
    child.on('error', error => this.onerror?.(error));
    this.#writer = new LineWriter(child.stdin!);
    this.#read(child, typeof stderr === 'function' ? stderr : () => {});
    child.once('close', (code, signal) => this.#onExit(code, signal));
    child.once('exit', (code, signal) => {
      this.#exited.resolve();
      // What it has started may hold its output open for ever.
      setTimeout(() => this.#onExit(code, signal), LAST_WORDS_MS).unref();
    });
  }

  #read(child: ChildProcess, heard: (text: string) => void): void {
    const { maxAnswerBytes, maxJsonDepth } = this.#options;
    const reader = new LineReader(maxAnswerBytes, {
      line: bytes => this.#onLine(bytes, maxJsonDepth),
      oversized: () =>
        this.onerror?.(new SlipwayError('SLIP_SERVER_ANSWER', { why: `a line has more than ${maxAnswerBytes} bytes` })),
    });
    child.stdout!.on('data', (chunk: Buffer) => reader.push(chunk)).on('end', () => reader.end());
    // A process that has ended takes nothing; that it ended is told by itself.
    child.stdin!.on('error', () => {});
    child.stdout!.on('error', () => {});
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastLines.push(text);
      heard(text);
    });
  }

  #onLine(bytes: Buffer, maxJsonDepth: number): void {
    const line = readMessageLine(bytes, maxJsonDepth);
    if (line.kind === 'message') this.onmessage?.(line.message);
    else if (line.kind === 'broken-response') this.onmessage?.(JSON.parse(bytes.toString('utf8')) as JSONRPCMessage);
    else if (line.kind === 'fault') {
      this.onerror?.(new SlipwayError('SLIP_SERVER_ANSWER', { why: `a line on its standard output is no message` }));
    }
  }

  #onExit(code: number | null, signal: string | null): void {
    if (this.#ending !== undefined) return;
    const how = signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`;
    const last = this.#lastLines.text;
    this.#ending = new SlipwayError('SLIP_SERVER_CLOSED', { why: last === '' ? how : `${how}, saying: ${last}` });
    this.#explained.resolve();
    if (this.#closed === undefined) this.onerror?.(this.#ending);
    void this.close();
  }

  /** Resolves once the process has taken the message. */
  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#ending !== undefined) throw this.#ending;
    if (this.#writer === undefined || this.#closed !== undefined) {
      throw new SlipwayError('SLIP_CLIENT_STATE', { state: this.#writer === undefined ? 'not connected' : 'closed' });
    }
    try {
      await this.#writer.write(serializeMessage(message));
    } catch (error) {
      // It tells with its end why nobody reads.
      await settledWithin(this.#options.closeTimeoutMs, this.#explained.promise);
      throw this.#ending ?? new SlipwayError('SLIP_SERVER_CLOSED', { why: 'it reads no more' }, { cause: error });
    }
  }

  /** Ends the input of the process and waits for its end; what does not end by itself is ended. */
  close(): Promise<void> {
    this.#closed ??= this.#shut();
    return this.#closed;
  }

  async #shut(): Promise<void> {
    const child = this.#child;
    if (child?.pid !== undefined && this.#ending === undefined) {
      child.stdin?.end();
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        if (await settledWithin(this.#options.closeTimeoutMs, this.#exited.promise)) break;
        child.kill(signal);
      }
      await settledWithin(this.#options.closeTimeoutMs, this.#exited.promise);
      child.stdout?.destroy();
      child.stderr?.destroy();
    }
    this.onclose?.();
  }
}
