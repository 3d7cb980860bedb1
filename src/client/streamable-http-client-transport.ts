/**
 * A client's end of HTTP: each message is a POST, its answer JSON or a stream of events. MCP 2026-07-28, and 2025-11-25
 * for sessions and for streams that are resumed, basic/transports/streamable-http.
 */
import type { Agent, IncomingMessage } from 'node:http';
import { SlipwayError } from '../protocol/coded-error.ts';
import { isPlainObject, type JSONRPCMessage, type RequestId } from '../protocol/json-rpc.ts';
import { parseJson } from '../protocol/json-text.ts';
import { PROTOCOL_VERSION_META_KEY } from '../protocol/request-meta.ts';
import { isModernRevision } from '../protocol/revision.ts';
import { mirroredHeaders } from '../protocol/standard-headers.ts';
import type { Transport, TransportSendOptions } from '../server/transport.ts';
import { type AnswerStream, followStream } from './answer-stream.ts';
import { bodyText, exchange, httpModule } from './http-exchange.ts';
import { refusal } from './http-refusal.ts';
import { shownAddress } from './server-address.ts';

export interface StreamableHTTPClientTransportOptions {
  /** Sent with every request: `{ authorization: 'Bearer ...' }`. */
  headers?: Readonly<Record<string, string>>;
  /** Bytes of an answer, or of one event of a stream; default 64 MiB. */
  maxAnswerBytes?: number;
  /** Levels of nested arrays and objects in an answer; default 256. */
  maxJsonDepth?: number;
  /** Milliseconds for the end of a session to be told when the client closes; default 2,000. */
  closeTimeoutMs?: number;
}

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_JSON_DEPTH = 256;
const CLOSE_TIMEOUT_MS = 2_000;
/** Of a body that only explains a refusal. */
const MAX_REFUSAL_BYTES = 256 * 1024;

const ACCEPT = 'application/json, text/event-stream';

function idOf(message: JSONRPCMessage): RequestId | undefined {
  return 'method' in message && 'id' in message ? message.id : undefined;
}

/** The revision in the envelope of a modern message. */
function modernRevisionOf(message: JSONRPCMessage): string | undefined {
  const params = 'params' in message ? message.params : undefined;
  const meta = isPlainObject(params) ? params['_meta'] : undefined;
  const revision = isPlainObject(meta) ? meta[PROTOCOL_VERSION_META_KEY] : undefined;
  return typeof revision === 'string' && isModernRevision(revision) ? revision : undefined;
}

/** @throws SlipwayError `SLIP_INVALID_OPTION` */
function checkedUrl(given: string | URL): URL {
  const url = URL.canParse(String(given)) ? new URL(given) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new SlipwayError('SLIP_INVALID_OPTION', { option: 'url', why: 'it is no http: or https: URL' });
}

export class StreamableHTTPClientTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly hasPerRequestStream = true;
  /** Of the older era; the server hands it out with its answer to `initialize`. */
  sessionId: string | undefined;

  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #limits: Required<Omit<StreamableHTTPClientTransportOptions, 'headers'>>;
  readonly #closing = new AbortController();
  #agent: Agent | undefined;
  #revision: string | undefined;
  #closed: Promise<void> | undefined;

  /** @throws SlipwayError `SLIP_INVALID_OPTION` for what is no HTTP URL */
  constructor(url: string | URL, options: StreamableHTTPClientTransportOptions = {}) {
    const { headers = {}, ...limits } = options;
    this.#url = checkedUrl(url);
    this.#headers = headers;
    this.#limits = {
      maxAnswerBytes: limits.maxAnswerBytes ?? MAX_ANSWER_BYTES,
      maxJsonDepth: limits.maxJsonDepth ?? MAX_JSON_DEPTH,
      closeTimeoutMs: limits.closeTimeoutMs ?? CLOSE_TIMEOUT_MS,
    };
  }

  async start(): Promise<void> {
    const { Agent } = await httpModule(this.#url);
    this.#agent = new Agent({ keepAlive: true });
  }

  setProtocolVersion(revision: string): void {
    this.#revision = revision;
  }

  /** Gives the session back, and ends all connections. */
  close(): Promise<void> {
    this.#closed ??= this.#shut();
    return this.#closed;
  }

  async #shut(): Promise<void> {
    this.#closing.abort(new SlipwayError('SLIP_CLIENT_STATE', { state: 'closed' }));
    await this.#endSession();
    this.#agent?.destroy();
    this.onclose?.();
  }

  /** "Clients that no longer need a particular session SHOULD send an HTTP DELETE" (MCP 2025-11-25). */
  async #endSession(): Promise<void> {
    const agent = this.#agent;
    if (this.sessionId === undefined || agent === undefined) return;
    const headers = this.#sessionHeaders();
    const signal = AbortSignal.timeout(this.#limits.closeTimeoutMs);
    try {
      const response = await exchange({ method: 'DELETE', url: this.#url, headers, agent, signal });
      response.resume();
    } catch {
      // It ends by itself; and a server may refuse this.
    }
  }

  #sessionHeaders(): Record<string, string> {
    return {
      ...this.#headers,
      ...(this.#revision !== undefined && { 'mcp-protocol-version': this.#revision }),
      ...(this.sessionId !== undefined && { 'mcp-session-id': this.sessionId }),
    };
  }

  #headersOf(message: JSONRPCMessage, added: TransportSendOptions['headers']): Record<string, string> {
    const modern = modernRevisionOf(message);
    const ofEra =
      modern === undefined || !('method' in message)
        ? this.#sessionHeaders()
        : { ...this.#headers, 'mcp-protocol-version': modern, ...mirroredHeaders(message), ...added };
    return { ...ofEra, 'content-type': 'application/json', accept: ACCEPT };
  }

  /**
   * Sends a message. For a request it resolves once the answer has been delivered.
   *
   * @throws SlipwayError `SLIP_SERVER_*`; ProtocolError for an error that came with a status of HTTP
   */
  async send(message: JSONRPCMessage, { requestSignal, headers }: TransportSendOptions = {}): Promise<void> {
    const agent = this.#agent;
    if (agent === undefined || this.#closing.signal.aborted) {
      throw new SlipwayError('SLIP_CLIENT_STATE', { state: agent === undefined ? 'not connected' : 'closed' });
    }
    const handshake = 'method' in message && message.method === 'initialize';
    if (handshake) this.#forgetSession();
    const inSession = this.sessionId !== undefined;
    const signal =
      requestSignal === undefined ? this.#closing.signal : AbortSignal.any([requestSignal, this.#closing.signal]);
    const response = await exchange({
      method: 'POST',
      url: this.#url,
      headers: this.#headersOf(message, headers),
      body: JSON.stringify(message),
      agent,
      signal,
    });
    const { statusCode = 0 } = response;
    const id = idOf(message);
    if (statusCode < 200 || statusCode > 299) {
      const body = await bodyText(response, MAX_REFUSAL_BYTES, this.#url).catch(() => '');
      throw refusal(response, body, this.#url, id, inSession);
    }
    const session = response.headers['mcp-session-id'];
    if (handshake && typeof session === 'string') this.sessionId = session;
    if (id === undefined) response.resume();
    else await this.#receive(response, id, signal, modernRevisionOf(message) === undefined);
  }

  #forgetSession(): void {
    this.sessionId = undefined;
    this.#revision = undefined;
  }

  async #receive(response: IncomingMessage, id: RequestId, signal: AbortSignal, resumes: boolean): Promise<void> {
    const contentType = response.headers['content-type'] ?? '';
    if (/^\s*text\/event-stream\b/i.test(contentType)) return followStream(response, this.#stream(id, signal, resumes));
    const text = await bodyText(response, this.#limits.maxAnswerBytes, this.#url);
    if (/^\s*application\/json\b/i.test(contentType) && this.#deliver(text, id)) return;
    const type = contentType === '' ? 'without a Content-Type' : `with Content-Type ${contentType.slice(0, 80)}`;
    const why = `${shownAddress(this.#url)} answers with status ${response.statusCode} ${type}, and no JSON-RPC response`;
    throw new SlipwayError('SLIP_SERVER_NOT_MCP', { why });
  }

  #stream(id: RequestId, signal: AbortSignal, resumes: boolean): AnswerStream {
    return {
      maxEventChars: this.#limits.maxAnswerBytes,
      deliver: data => this.#deliver(data, id),
      resume: resumes ? lastEventId => this.#resume(lastEventId, signal) : undefined,
      signal,
      place: shownAddress(this.#url),
    };
  }

  async #resume(lastEventId: string, signal: AbortSignal): Promise<IncomingMessage> {
    const headers = { ...this.#sessionHeaders(), accept: 'text/event-stream', 'last-event-id': lastEventId };
    return exchange({ method: 'GET', url: this.#url, headers, agent: this.#agent!, signal });
  }

  /** Hands over what a body or an event says; whether it was, or had, the response to this request. */
  #deliver(text: string, id: RequestId): boolean {
    let message: unknown;
    try {
      message = parseJson(text, this.#limits.maxJsonDepth);
    } catch (error) {
      const why = error instanceof SlipwayError ? error.what : 'it is no JSON';
      throw new SlipwayError('SLIP_SERVER_ANSWER', { why }, { cause: error });
    }
    const isAnswer = (one: unknown) =>
      isPlainObject(one) && one['method'] === undefined && one['id'] === id && ('result' in one || 'error' in one);
    const answers = Array.isArray(message) ? message.some(isAnswer) : isAnswer(message);
    this.onmessage?.(message as JSONRPCMessage);
    return answers;
  }
}
