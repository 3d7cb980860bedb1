/** A client of the 2025 era with a session, by hand: every request and every connection is the test's own doing. */
import assert from 'node:assert/strict';
import { answerIn, type JsonRpcAnswer, LEGACY, legacy } from './mcp-post.ts';
import { SentEvents } from './sent-events.ts';

type Members = Readonly<Record<string, unknown>>;
type Headers = Readonly<Record<string, string | null>>;
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ClientOptions {
  readonly version?: string;
  readonly capabilities?: Members;
  readonly clientInfo?: Members;
  /** Sent with every request; null leaves one out. */
  readonly headers?: Headers;
  /** Default: the global one, over a socket. */
  readonly fetch?: Fetch;
}

export interface Sending {
  readonly id?: string | number;
  readonly headers?: Headers;
  readonly meta?: Members;
  readonly signal?: AbortSignal;
}

let lastId = 1_000;

/** Ids that no two requests of a test share, unless it says so. */
export function freshId(): number {
  return ++lastId;
}

export class SessionClient {
  readonly url: string;
  readonly sessionId: string;
  readonly version: string;
  readonly #headers: Headers;
  readonly #fetch: Fetch;

  private constructor(url: string, sessionId: string, { version = LEGACY, headers = {}, fetch }: ClientOptions) {
    this.url = url;
    this.sessionId = sessionId;
    this.version = version;
    this.#headers = headers;
    this.#fetch = fetch ?? ((to, init) => globalThis.fetch(to, init));
  }

  /** The answer to `initialize`. */
  static async handshake(url: string, options: ClientOptions = {}): Promise<Response> {
    const { version = LEGACY, capabilities = {}, clientInfo = { name: 'test', version: '1.0.0' } } = options;
    const params = { protocolVersion: version, capabilities, clientInfo };
    return new SessionClient(url, '', options).post(legacy('initialize', params).body, {
      headers: { 'mcp-protocol-version': null, 'mcp-session-id': null, ...options.headers },
    });
  }

  /** Initializes. */
  static async begin(url: string, options: ClientOptions = {}): Promise<SessionClient> {
    const response = await SessionClient.handshake(url, options);
    const sessionId = response.headers.get('mcp-session-id');
    const { result, error } = await answerIn(response);
    assert.equal(result?.protocolVersion, options.version ?? LEGACY, JSON.stringify(error));
    assert.ok(sessionId, 'initialize was answered without a session id');
    const client = new SessionClient(url, sessionId, options);
    assert.equal(await client.tell('notifications/initialized'), 202);
    return client;
  }

  /** The same session at another server, or as somebody else. */
  at(url: string, options: ClientOptions = {}): SessionClient {
    const { version, sessionId } = this;
    return new SessionClient(url, sessionId, { version, headers: this.#headers, fetch: this.#fetch, ...options });
  }

  /** Another id in place of this session's. */
  withId(sessionId: string): SessionClient {
    const { version, url } = this;
    return new SessionClient(url, sessionId, { version, headers: this.#headers, fetch: this.#fetch });
  }

  #headersFor(more: Headers | undefined): Record<string, string> {
    const all = {
      'mcp-session-id': this.sessionId,
      'mcp-protocol-version': this.version,
      ...this.#headers,
      ...more,
    };
    return Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== null));
  }

  /** Posts a body as it is. */
  post(body: string, { headers, signal }: Sending = {}): Promise<Response> {
    const common = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const all = this.#headersFor({ ...common, ...headers });
    return this.#fetch(this.url, { method: 'POST', headers: all, body, ...(signal && { signal }) });
  }

  send(method: string, params?: Members, sending: Sending = {}): Promise<Response> {
    const { id = freshId(), meta } = sending;
    return this.post(legacy(method, params, { id, ...(meta && { meta }) }).body, sending);
  }

  /** A request and its response. */
  async ask(method: string, params?: Members, sending?: Sending): Promise<JsonRpcAnswer> {
    return answerIn(await this.send(method, params, sending));
  }

  /** A call of a tool and its response. */
  call(name: string, args: Members = {}, sending?: Sending): Promise<JsonRpcAnswer> {
    return this.ask('tools/call', { name, arguments: args }, sending);
  }

  /** A call of a tool that is answered with a stream. */
  async stream(name: string, args: Members = {}, sending?: Sending): Promise<SentEvents> {
    return new SentEvents(await this.send('tools/call', { name, arguments: args }, sending));
  }

  /** A notification; the status of its answer. */
  async tell(method: string, params?: Members): Promise<number> {
    return this.#status(await this.post(JSON.stringify({ jsonrpc: '2.0', method, ...(params && { params }) })));
  }

  /** An answer to a question of the server; the status of what comes back. */
  async answer(id: string | number, result: unknown): Promise<number> {
    return this.#status(await this.post(JSON.stringify({ jsonrpc: '2.0', id, result })));
  }

  async refuse(id: string | number, error: { code: number; message: string; data?: unknown }): Promise<number> {
    return this.#status(await this.post(JSON.stringify({ jsonrpc: '2.0', id, error })));
  }

  async #status(response: Response): Promise<number> {
    await response.arrayBuffer();
    return response.status;
  }

  /** A GET, whatever comes of it. */
  get(headers: Headers = {}): Promise<Response> {
    const all = this.#headersFor({ accept: 'text/event-stream', ...headers });
    return this.#fetch(this.url, { method: 'GET', headers: all });
  }

  /** The session's own stream; or the rest of any stream after an event. */
  async open(lastEventId?: string): Promise<SentEvents> {
    return new SentEvents(await this.get(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }));
  }

  /** Ends the session. */
  delete(): Promise<Response> {
    return this.#fetch(this.url, { method: 'DELETE', headers: this.#headersFor({}) });
  }
}

/** The status of an answer and the code of its error. */
export async function refusalOf(response: Response): Promise<[status: number, code: unknown]> {
  const text = await response.text();
  const { error } = (text === '' ? {} : JSON.parse(text)) as JsonRpcAnswer;
  return [response.status, error?.data?.['code']];
}
