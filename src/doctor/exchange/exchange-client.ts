/** Our own HTTP/1.1 client: it does nothing by itself (no redirects, no retries, no reuse) and keeps all that it sees. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { SlipwayError } from '../../protocol/coded-error.ts';
import { FEW_BYTES, type Limits } from '../limits.ts';
import { ConnectionError, type ConnectionFailure } from '../network/connection.ts';
import type { Network, OpenConnection } from '../network/network.ts';
import { Admission } from './admission.ts';
import type { Exchange, ExchangeRequest, SentRequest, Timings } from './exchange.ts';
import { HeaderList } from './header-list.ts';
import { Pace } from './pace.ts';
import { awakeTimeout } from './patience.ts';
import { type ReadOptions, readResponse } from './response-reader.ts';

/** Interim responses (RFC 9110, 15.2) that one answer may have before it. */
const MAX_INTERIM = 20;

/** What authenticates, and the only origin that it is sent to. */
export interface Credentials {
  readonly origin: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

function answerFailure(error: unknown): ConnectionFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  const detail = error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error);
  if (code === 'ECONNRESET') return { phase: 'answer', code, message: 'the connection was closed without an answer' };
  return { phase: 'answer', code, message: `the answer is not valid HTTP: ${detail}` };
}

export class ExchangeClient {
  readonly #network: Network;
  readonly #limits: Limits;
  readonly #credentials: Credentials;
  readonly #admission: Admission;
  readonly #pace: Pace;
  readonly #over: AbortSignal;
  /** Bytes of bodies that are kept so far. */
  #kept = 0;

  /** @param over ends what is running, and refuses what comes after */
  constructor(network: Network, limits: Limits, credentials: Credentials, over: AbortSignal) {
    this.#network = network;
    this.#limits = limits;
    this.#credentials = credentials;
    this.#admission = new Admission(limits.concurrency);
    this.#pace = new Pace(over);
    this.#over = over;
  }

  /** Sends a request over a connection of its own. Never throws for what the other side does. */
  async exchange(request: ExchangeRequest): Promise<Exchange> {
    const url = new URL(request.url);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw new SlipwayError('SLIP_INVALID_OPTION', {
        option: 'url',
        why: `${url.protocol} is no protocol of the web`,
      });
    }
    const once = () => this.#admission.run(() => this.#run(request, url));
    return request.impatient === true ? once() : this.#pace.send(once);
  }

  async #run(request: ExchangeRequest, url: URL): Promise<Exchange> {
    const begun = performance.now();
    const elapsed = () => performance.now() - begun;
    const deadline = new AbortController();
    const stop = awakeTimeout(request.timeoutMs ?? this.#limits.exchangeMs, () => deadline.abort());
    const signal = AbortSignal.any([deadline.signal, this.#over]);
    const address = request.address === undefined ? {} : { address: request.address };
    let sent = this.#sent(request, url, false);
    let open: OpenConnection | undefined;
    const timings: { -readonly [name in keyof Timings]?: number } = {};
    try {
      open = await this.#network.connect(url, { ...address, signal });
      timings.connectedMs = elapsed();
      // A token is not shown to whoever holds a certificate that nobody vouches for.
      sent = this.#sent(request, url, open.facts.tls?.authorized !== false);
      const message = await this.#send(sent, open.socket, signal, () => (timings.headMs = elapsed()));
      const { response, bodyMs, firstEventMs } = await readResponse(
        message,
        sent.method,
        this.#reading(request, signal, elapsed),
      );
      this.#kept += response.bytes.length;
      if (bodyMs !== undefined) timings.bodyMs = bodyMs;
      if (firstEventMs !== undefined) timings.firstEventMs = firstEventMs;
      return { request: sent, connection: open.facts, response, timings: { ...timings, endMs: elapsed() } };
    } catch (error) {
      // A fault of ours must not pass for one of the server's.
      if (error instanceof TypeError || error instanceof RangeError) throw error;
      const failure = error instanceof ConnectionError ? error.failure : answerFailure(error);
      return {
        request: sent,
        ...(open !== undefined && { connection: open.facts }),
        failure,
        timings: { ...timings, endMs: elapsed() },
      };
    } finally {
      stop();
      open?.socket.destroy();
    }
  }

  #reading({ stop, headOnly }: ExchangeRequest, signal: AbortSignal, elapsed: () => number): ReadOptions {
    return {
      maxBytes: this.#kept < this.#limits.allBodyBytes ? this.#limits.bodyBytes : FEW_BYTES,
      signal,
      elapsed,
      ...(stop !== undefined && { stop }),
      ...(headOnly !== undefined && { headOnly }),
    };
  }

  #sent(
    { method = 'GET', headers = [], body, credentials }: ExchangeRequest,
    url: URL,
    mayAuthenticate: boolean,
  ): SentRequest {
    const bytes = body === undefined ? undefined : Buffer.from(body as string);
    const named = (name: string) => headers.some(([given]) => given.toLowerCase() === name);
    const own = credentials === true && mayAuthenticate && url.origin === this.#credentials.origin;
    return {
      method,
      url: url.href.replace(/#.*/, ''),
      headers: new HeaderList([
        ...(named('host') ? [] : [['Host', url.host] as const]),
        ...headers,
        ...(own ? this.#credentials.headers : []),
        ...(bytes === undefined || named('content-length') ? [] : [['Content-Length', String(bytes.length)] as const]),
        ...(named('connection') ? [] : [['Connection', 'close'] as const]),
      ]),
      body: bytes?.toString('utf8') ?? '',
    };
  }

  #send(sent: SentRequest, socket: Duplex, signal: AbortSignal, onHead: () => void): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const url = new URL(sent.url);
      const request = httpRequest({
        method: sent.method,
        path: `${url.pathname}${url.search}`,
        headers: [...sent.headers].flat() as unknown as Record<string, string>,
        maxHeaderSize: this.#limits.headerBytes,
        createConnection: () => socket as never,
        setHost: false,
      });
      const onAbort = () => {
        request.destroy();
        reject(new ConnectionError({ phase: 'answer', code: 'TIMEOUT', message: 'there is no answer in time' }));
      };
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      request.on('error', reject);
      let interim = 0;
      request.on('information', () => {
        if (++interim <= MAX_INTERIM) return;
        request.destroy();
        const message = 'it sends interim responses (1xx) without end';
        reject(new ConnectionError({ phase: 'answer', code: 'TOO_MANY_INTERIM', message }));
      });
      request.once('response', message => {
        onHead();
        signal.removeEventListener('abort', onAbort);
        resolve(message);
      });
      // 101: an answer without a body.
      request.once('upgrade', message => {
        onHead();
        signal.removeEventListener('abort', onAbort);
        resolve(message);
      });
      request.end(sent.body === '' ? undefined : sent.body);
    });
  }
}
