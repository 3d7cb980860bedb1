import type { ServerResponse } from 'node:http';
import type { HttpRequest } from './http-request.ts';
import type { HttpWatch } from './http-watch.ts';
import { type EventStream, type Headers, type Responder, STREAM_HEADERS } from './responder.ts';
import { errorHeaders, type SecurityHeaders } from './security-headers.ts';

const UNREAD_MS = 60_000;

/** Answers through node:http, or a framework's response that is one. */
export class NodeResponder implements Responder {
  extraHeaders: Headers | undefined;
  accounted = false;
  readonly #request: HttpRequest;
  readonly #response: ServerResponse;
  readonly #maxBufferedBytes: number;
  readonly #headers: SecurityHeaders;
  readonly #watch: HttpWatch;

  /**
   * @param headers that every answer carries
   * @param watch told of a status of 400 or more that nobody accounts for
   */
  constructor(
    request: HttpRequest,
    response: ServerResponse,
    maxBufferedBytes: number,
    headers: SecurityHeaders,
    watch: HttpWatch,
  ) {
    this.#request = request;
    this.#response = response;
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#headers = headers;
    this.#watch = watch;
  }

  get gone(): boolean {
    return this.#response.destroyed || this.#response.closed;
  }

  onGone(listener: () => void): void {
    if (this.gone) {
      if (!this.#response.writableFinished) queueMicrotask(listener);
      return;
    }
    this.#response.once('close', () => {
      if (!this.#response.writableFinished) listener();
    });
  }

  /** Head and body leave in one write: the write is half of a request's cost. */
  sendJson(status: number, body: string, headers?: Headers): void {
    const response = this.#response;
    if (response.destroyed || response.headersSent) return;
    if (status >= 400 && !this.accounted) this.#watch.refused(this.#request, status, body);
    const length = Buffer.byteLength(body);
    const head = this.#headers.json(length);
    const isPlain = headers === undefined && this.extraHeaders === undefined && status < 400;
    response.writeHead(status, isPlain ? head : { ...head, ...errorHeaders(status), ...this.extraHeaders, ...headers });
    // Where each character is one byte, the cheaper encoding gives the same bytes.
    response.end(body, length === body.length ? 'latin1' : 'utf8');
    this.#boundReader();
  }

  /** Two writes in one tick are one for the socket; the bytes are not copied. */
  sendPrepared(head: string, tail: Buffer): void {
    const response = this.#response;
    if (response.destroyed || response.headersSent) return;
    const length = Buffer.byteLength(head) + tail.length;
    response.writeHead(200, { ...this.#headers.json(length), ...this.extraHeaders });
    response.write(head);
    response.end(tail);
    this.#boundReader();
  }

  /** A reader that takes nothing of an answer for this long holds its memory for nothing. */
  #boundReader(): void {
    const response = this.#response;
    if (response.writableLength > 0) response.setTimeout(UNREAD_MS, () => response.destroy());
  }

  sendOther(status: number, headers: Headers, body?: string): void {
    const response = this.#response;
    if (response.destroyed || response.headersSent) return;
    if (status >= 400 && !this.accounted) this.#watch.refused(this.#request, status, body ?? '');
    const hasBody = status !== 204;
    const length = hasBody ? { 'content-length': String(Buffer.byteLength(body ?? '')) } : {};
    const { common } = this.#headers;
    response.writeHead(status, { ...length, ...common, ...errorHeaders(status), ...this.extraHeaders, ...headers });
    response.end(body);
  }

  /** All there is to say is known, so the stream has a length: no chunks, one write. */
  sendStream(text: string): void {
    const response = this.#response;
    if (response.destroyed || response.headersSent) return;
    const length = Buffer.byteLength(text);
    const { common } = this.#headers;
    response.writeHead(200, { ...STREAM_HEADERS, 'content-length': length, ...common, ...this.extraHeaders });
    response.end(text, length === text.length ? 'latin1' : 'utf8');
  }

  stream(headers?: Headers): EventStream {
    if (!this.#response.headersSent) {
      const { common } = this.#headers;
      this.#response.writeHead(200, { ...STREAM_HEADERS, ...common, ...this.extraHeaders, ...headers });
    }
    return new NodeEventStream(this.#response, this.#maxBufferedBytes);
  }
}

class NodeEventStream implements EventStream {
  readonly #response: ServerResponse;
  readonly #maxBufferedBytes: number;

  constructor(response: ServerResponse, maxBufferedBytes: number) {
    this.#response = response;
    this.#maxBufferedBytes = maxBufferedBytes;
  }

  write(text: string): void | Promise<void> {
    const response = this.#response;
    if (response.destroyed || response.writableEnded) return;
    // Looked at before writing, so that one large message reaches a reader that keeps up.
    if (response.writableLength > this.#maxBufferedBytes) {
      response.destroy();
      return;
    }
    if (response.write(text)) return;
    return (this.#drained ??= this.#untilDrained());
  }

  /** One for all who wait, and for nobody where nobody does: listeners are few. */
  #drained: Promise<void> | undefined;
  #release: (() => void) | undefined;

  #untilDrained(): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        this.#response.off('drain', done);
        this.#response.off('close', done);
        this.#drained = undefined;
        this.#release = undefined;
        resolve();
      };
      this.#response.on('drain', done);
      this.#response.on('close', done);
      this.#release = done;
    });
  }

  end(text?: string): void {
    const response = this.#response;
    if (!response.destroyed && !response.writableEnded) response.end(text);
    // A reader that is gone without a word must not hold up who wrote to it: the stream may have gone on elsewhere.
    this.#release?.();
    if (response.writableLength > 0) response.setTimeout(UNREAD_MS, () => response.destroy());
  }
}
