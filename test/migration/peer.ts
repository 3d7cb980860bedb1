/**
 * The client side of the migration test: it runs one server in a child process, with the SDK or with Slipway, and keeps
 * a transcript of everything that the server answered.
 */

import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import type { IncomingHttpHeaders } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Exchange, type WireMessage } from './exchange.ts';
import { complaint, type Difference, type Outcome, type Side } from './expectation.ts';
import type { Command, Report } from './migration-server.ts';

export type Era = 'modern' | 'legacy';

export interface CallOptions {
  /** Default `'result'`. */
  readonly outcome?: Outcome | Difference;
  /** HTTP status; default 200. */
  readonly status?: number;
  /** The JSON-RPC id; default 1. */
  readonly id?: string | number;
  /** Replaces or adds headers; `undefined` removes one. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** The client capabilities of a modern request. */
  readonly capabilities?: Readonly<Record<string, unknown>>;
  /** More `_meta` members. */
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly path?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly messages: readonly WireMessage[];
  /** The response to the request; undefined if there was none. */
  readonly response: WireMessage | undefined;
  readonly result: Record<string, unknown>;
}

/** One line of the transcript. */
export interface Entry {
  readonly label: string;
  readonly era: Era | 'connection' | 'raw' | 'outside';
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly messages: readonly unknown[];
  /** Present if the answers differ by decision. */
  readonly differs?: Difference;
}

const KEPT_HEADERS = ['content-type', 'allow', 'www-authenticate', 'mcp-session-id'];
const NAME_HEADER: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};
const WAIT_MS = 15_000;

export const MODERN = '2026-07-28';
export const LEGACY = '2025-11-25';
export const CLIENT = { name: 'migration-driver', version: '1.0.0' };

export function modernMeta(options: CallOptions = {}): Record<string, unknown> {
  return {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientInfo': CLIENT,
    'io.modelcontextprotocol/clientCapabilities': options.capabilities ?? {},
    ...options.meta,
  };
}

function headersOf(
  base: Record<string, string>,
  changes: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const merged: Record<string, string | undefined> = { ...base, ...changes };
  return Object.fromEntries(Object.entries(merged).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

export class Peer {
  readonly transcript: Entry[] = [];
  /** What did not lead to the outcome that the script states for this side. */
  readonly failures: string[] = [];
  readonly side: Side;
  readonly #child: ChildProcess;
  readonly #port: number;
  readonly #settle = new Map<number, (report: Report) => void>();
  readonly #inbox: WireMessage[] = [];
  #number = 0;
  #wake: () => void = () => {};

  private constructor(side: Side, child: ChildProcess, port: number) {
    this.side = side;
    this.#child = child;
    this.#port = port;
    child.on('message', (report: Report) => this.#take(report));
  }

  static async start(server: string, side: Side): Promise<Peer> {
    const preload = new URL('./swap-imports.ts', import.meta.url).href;
    const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [server], {
      execArgv: ['--conditions=@slipway/source', ...(side === 'slipway' ? ['--import', preload] : [])],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    // The log of the child is shown only when it does not come up: both sides report the errors that scripts provoke.
    let log = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-4_000);
    });
    const port = await new Promise<number>((resolve, reject) => {
      child.once('message', (report: Report) => resolve(report.op === 'ready' ? report.port : 0));
      child.once('exit', code => reject(new Error(`${server} with ${side} exited with ${code}:\n${log}`)));
    });
    return new Peer(side, child, port);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = new Promise(resolve => this.#child.once('exit', resolve));
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    this.#child.disconnect();
    await exited;
    clearTimeout(impatience);
  }

  /** One request in the given era, checked against the expected outcome and written down. */
  call(era: Era, method: string, params: Record<string, unknown> = {}, options: CallOptions = {}): Promise<Answer> {
    return this.read(this.begin(era, method, params, options), `${method} ${summary(params)}`, era, options);
  }

  /** Starts a request without waiting for its answer. */
  begin(era: Era, method: string, params: Record<string, unknown> = {}, options: CallOptions = {}): Exchange {
    const name = params[NAME_HEADER[method] ?? ''];
    const meta =
      era === 'modern' ? { _meta: modernMeta(options) } : options.meta === undefined ? {} : { _meta: options.meta };
    const base: Record<string, string> = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': era === 'modern' ? MODERN : LEGACY,
      ...(era === 'modern' && { 'mcp-method': method }),
      ...(era === 'modern' && typeof name === 'string' && { 'mcp-name': name }),
    };
    return this.exchange({
      ...(options.path !== undefined && { path: options.path }),
      headers: headersOf(base, options.headers),
      body: JSON.stringify({ jsonrpc: '2.0', id: options.id ?? 1, method, params: { ...params, ...meta } }),
    });
  }

  /** Anything at all: the caller writes method, path, headers and body. */
  exchange(outgoing: { method?: string; path?: string; headers?: Record<string, string>; body?: string }): Exchange {
    assert.notEqual(this.#port, 0, 'this server does not serve HTTP');
    return new Exchange({ port: this.#port, ...outgoing });
  }

  /** Reads an exchange to its end, checks what it led to, and writes it down. */
  async read(exchange: Exchange, label: string, era: Era | 'raw', options: CallOptions = {}): Promise<Answer> {
    const { status, headers, messages, text } = await exchange.finish();
    const response = messages.find(message => message.method === undefined);
    const kept = KEPT_HEADERS.flatMap(name => (headers[name] === undefined ? [] : [[name, String(headers[name])]]));
    const written = text === '' ? messages : [...messages, text];
    this.#write({ label, era, status, headers: Object.fromEntries(kept), messages: written }, options.outcome);
    if (era !== 'raw' || options.outcome !== undefined) this.#check(response, `${era} ${label}`, options.outcome);
    if (options.status !== undefined && options.status !== status) {
      this.failures.push(`${era} ${label}: expected status ${options.status}, got ${status}`);
    }
    return { status, headers, messages, response, result: response?.result ?? {} };
  }

  /** Writes something down that the comparison should cover. */
  note(
    label: string,
    era: Entry['era'],
    messages: readonly unknown[],
    status?: number,
    headers?: Record<string, string>,
  ): void {
    this.transcript.push({ label, era, messages, ...(status !== undefined && { status, headers: headers ?? {} }) });
  }

  #write(entry: Entry, outcome: Outcome | Difference = 'result'): void {
    this.transcript.push(typeof outcome === 'object' ? { ...entry, differs: outcome } : entry);
  }

  #check(response: WireMessage | undefined, label: string, outcome: Outcome | Difference | undefined): void {
    const wrong = complaint(this.side, response, outcome);
    if (wrong !== undefined) this.failures.push(`${label}: ${wrong}`);
  }

  /** Runs an action of the server file: something that happens to the server from outside of the protocol. */
  async action(name: string, argument?: unknown): Promise<unknown> {
    const value = await this.#command({ op: 'action', name, argument });
    return value;
  }

  /** Opens the in-memory connection. */
  async open(): Promise<void> {
    await this.#command({ op: 'open' });
  }

  /** Sends one message over the in-memory connection. */
  async send(message: WireMessage): Promise<void> {
    await this.#command({ op: 'send', message: { jsonrpc: '2.0', ...message } });
  }

  /** Sends a request over the connection and writes down what arrives until it is answered. */
  async ask(
    id: string | number,
    method: string,
    params: Record<string, unknown>,
    outcome: Outcome | Difference = 'result',
  ): Promise<WireMessage> {
    await this.send({ id, method, params });
    return this.answered(id, `${method} ${summary(params)}`, outcome);
  }

  /** Writes down what arrives until the request with this id is answered. */
  async answered(id: string | number, label: string, outcome?: Outcome | Difference): Promise<WireMessage> {
    const seen: WireMessage[] = [];
    for (;;) {
      const message = await this.receive();
      seen.push(message);
      if (message.id !== id || message.method !== undefined) continue;
      this.#write({ label, era: 'connection', messages: seen }, outcome);
      this.#check(message, label, outcome);
      return message;
    }
  }

  /** The next message from the server on the connection. */
  async receive(): Promise<WireMessage> {
    const deadline = Date.now() + WAIT_MS;
    while (this.#inbox.length === 0) {
      assert.ok(Date.now() < deadline, `${this.side}: no message within ${WAIT_MS} ms`);
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, deadline - Date.now());
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#inbox.shift() as WireMessage;
  }

  /** The next message, which must be this method; written down, and returned to be answered. */
  async expect(method: string): Promise<WireMessage> {
    const message = await this.receive();
    this.note(`the server sends ${method}`, 'connection', [message]);
    assert.equal(message.method, method, `${this.side}: ${JSON.stringify(message)}`);
    return message;
  }

  /** Closes the in-memory connection from the client's end. */
  async hangUp(): Promise<void> {
    await this.#command({ op: 'hangUp' });
  }

  #command(command: Command): Promise<unknown> {
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#settle.set(number, report => {
        if (report.op === 'done') resolve(report.value);
        else reject(new Error(report.op === 'failed' ? `${this.side}: ${report.reason}` : report.op));
      });
      this.#child.send({ number, command });
    });
  }

  #take(report: Report): void {
    if (report.op === 'message') {
      this.#inbox.push(report.message as WireMessage);
      this.#wake();
    } else if (report.op === 'done' || report.op === 'failed') {
      this.#settle.get(report.number)?.(report);
      this.#settle.delete(report.number);
    }
  }
}

function summary(params: Record<string, unknown>): string {
  const { name, uri, ref } = params as { name?: string; uri?: string; ref?: { name?: string; uri?: string } };
  return name ?? uri ?? ref?.name ?? ref?.uri ?? '';
}
