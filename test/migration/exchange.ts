/** One HTTP exchange on a real socket, read as a sequence of JSON-RPC messages whatever its framing. */

import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

export interface Outgoing {
  readonly port: number;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A JSON-RPC message, as far as the driver looks into it. */
export interface WireMessage {
  readonly jsonrpc?: string;
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

const WAIT_MS = 10_000;

export class Exchange {
  readonly #request: ClientRequest;
  #response: IncomingMessage | undefined;
  readonly #messages: WireMessage[] = [];
  #text = '';
  #ended = false;
  #failure: Error | undefined;
  #wake: () => void = () => {};

  constructor(outgoing: Outgoing) {
    this.#request = request({
      host: '127.0.0.1',
      port: outgoing.port,
      method: outgoing.method ?? 'POST',
      path: outgoing.path ?? '/mcp',
      headers: outgoing.headers ?? {},
      agent: false,
    });
    this.#request.on('error', error => this.#end(error));
    this.#request.on('response', response => {
      this.#response = response;
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => this.#take(chunk));
      response.on('end', () => this.#end());
      response.on('error', error => this.#end(error));
      this.#wake();
    });
    this.#request.end(outgoing.body);
  }

  /** Resolves with the next message, or with undefined when the response has ended without another. */
  async next(): Promise<WireMessage | undefined> {
    await this.#until(() => this.#messages.length > 0 || this.#ended);
    return this.#messages.shift();
  }

  /** Reads the response to its end. `text` is the body if it was neither JSON nor an event stream. */
  async finish(): Promise<{ status: number; headers: IncomingHttpHeaders; messages: WireMessage[]; text: string }> {
    await this.#until(() => this.#ended);
    if (this.#failure !== undefined) throw this.#failure;
    const { statusCode = 0, headers = {} } = this.#response ?? {};
    return { status: statusCode, headers, messages: this.#messages.splice(0), text: this.#text };
  }

  /** Status and headers, as soon as they are here. */
  async head(): Promise<{ status: number; headers: IncomingHttpHeaders }> {
    await this.#until(() => this.#response !== undefined || this.#ended);
    if (this.#response === undefined) throw this.#failure ?? new Error('the connection ended without a response');
    return { status: this.#response.statusCode ?? 0, headers: this.#response.headers };
  }

  /** Hangs up, as a client does that no longer wants the answer. */
  abort(): void {
    this.#request.destroy();
  }

  #take(chunk: string): void {
    this.#text += chunk;
    if (!this.#isStream()) return;
    for (let at = this.#text.indexOf('\n\n'); at >= 0; at = this.#text.indexOf('\n\n')) {
      const frame = this.#text.slice(0, at);
      this.#text = this.#text.slice(at + 2);
      const lines = frame.split('\n').filter(line => line.startsWith('data:'));
      const data = lines.map(line => line.slice(5).trimStart()).join('\n');
      if (data !== '') this.#messages.push(JSON.parse(data));
    }
    this.#wake();
  }

  #isStream(): boolean {
    return (this.#response?.headers['content-type'] ?? '').startsWith('text/event-stream');
  }

  #end(failure?: Error): void {
    if (this.#ended) return;
    this.#failure = failure;
    this.#ended = true;
    if ((this.#response?.headers['content-type'] ?? '').startsWith('application/json') && this.#text !== '') {
      const body: WireMessage | WireMessage[] = JSON.parse(this.#text);
      this.#text = '';
      this.#messages.push(...(Array.isArray(body) ? body : [body]));
    }
    this.#wake();
  }

  async #until(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    while (!condition()) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`nothing arrived within ${WAIT_MS} ms`);
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
