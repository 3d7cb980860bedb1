import type { HttpRequest } from './http-request.ts';
import type { HttpWatch } from './http-watch.ts';
import { type EventStream, type Headers, type Responder, STREAM_HEADERS } from './responder.ts';
import { errorHeaders, type SecurityHeaders } from './security-headers.ts';

/** Answers with a web `Response`, which is there as soon as its head is known. */
export class FetchResponder implements Responder {
  extraHeaders: Headers | undefined;
  accounted = false;
  readonly response: Promise<Response>;
  readonly #resolve: (response: Response) => void;
  readonly #request: HttpRequest;
  readonly #maxBufferedBytes: number;
  readonly #headers: Headers;
  readonly #watch: HttpWatch;
  readonly #signal: AbortSignal;
  readonly #goneListeners: (() => void)[] = [];
  #stream: FetchEventStream | undefined;
  #answered = false;
  #gone = false;

  /**
   * @param signal the request's: aborted when the host knows that the client left
   * @param watch told of a status of 400 or more that nobody accounts for
   */
  constructor(
    request: HttpRequest,
    maxBufferedBytes: number,
    signal: AbortSignal,
    headers: SecurityHeaders,
    watch: HttpWatch,
  ) {
    this.#request = request;
    this.#watch = watch;
    this.#headers = headers.common;
    const { promise, resolve } = Promise.withResolvers<Response>();
    this.response = promise;
    this.#resolve = resolve;
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#signal = signal;
    if (signal.aborted) this.#leave();
    else signal.addEventListener('abort', () => this.#leave(), { once: true });
  }

  get gone(): boolean {
    return this.#gone || this.#signal.aborted;
  }

  onGone(listener: () => void): void {
    if (this.gone) queueMicrotask(listener);
    else this.#goneListeners.push(listener);
  }

  #leave(): void {
    if (this.#gone || (this.#answered && (this.#stream === undefined || this.#stream.ended))) return;
    this.#gone = true;
    for (const listener of this.#goneListeners) listener();
    this.#stream?.end();
    // Nobody reads it, but the host may wait for it.
    if (!this.#answered) this.#answer(new Response(null, { status: 499 }));
  }

  #answer(response: Response): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#resolve(response);
  }

  sendJson(status: number, body: string, headers?: Headers): void {
    if (status >= 400 && !this.accounted) this.#watch.refused(this.#request, status, body);
    const length = String(Buffer.byteLength(body));
    const own = { 'content-type': 'application/json', 'content-length': length };
    const all = { ...own, ...this.#headers, ...errorHeaders(status), ...this.extraHeaders, ...headers };
    this.#answer(new Response(body, { status, headers: all }));
  }

  sendPrepared(head: string, tail: Buffer): void {
    this.sendJson(200, head + tail.toString());
  }

  sendOther(status: number, headers: Headers, body?: string): void {
    if (status >= 400 && !this.accounted) this.#watch.refused(this.#request, status, body ?? '');
    const all = { ...this.#headers, ...errorHeaders(status), ...this.extraHeaders, ...headers };
    this.#answer(new Response(body ?? null, { status, headers: all }));
  }

  sendStream(text: string): void {
    this.#answer(
      new Response(text, { status: 200, headers: { ...STREAM_HEADERS, ...this.#headers, ...this.extraHeaders } }),
    );
  }

  stream(headers?: Headers): EventStream {
    const stream = new FetchEventStream(this.#maxBufferedBytes, () => this.#leave());
    this.#stream = stream;
    const all = { ...STREAM_HEADERS, ...this.#headers, ...this.extraHeaders, ...headers };
    this.#answer(new Response(stream.readable, { headers: all }));
    return stream;
  }
}

const encoder = new TextEncoder();

/** What a stream holds before whoever writes is asked to wait. */
const HIGH_WATER_MARK = 64 * 1024;

class FetchEventStream implements EventStream {
  readonly readable: ReadableStream<Uint8Array>;
  ended = false;
  readonly #highWaterMark: number;
  readonly #maxBufferedBytes: number;
  readonly #left: () => void;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #waiting: (() => void)[] = [];

  /** @param left called when the reader cancels or is cut off */
  constructor(maxBufferedBytes: number, left: () => void) {
    this.#left = left;
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#highWaterMark = Math.min(HIGH_WATER_MARK, maxBufferedBytes);
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: controller => {
          this.#controller = controller;
        },
        pull: () => this.#wake(),
        cancel: () => left(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: this.#highWaterMark }),
    );
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  get #buffered(): number {
    return this.#highWaterMark - (this.#controller.desiredSize ?? this.#highWaterMark);
  }

  write(text: string): void | Promise<void> {
    if (this.ended) return;
    // Looked at before writing, so that one large message reaches a reader that keeps up.
    if (this.#buffered > this.#maxBufferedBytes) {
      this.#controller.error(new Error('the reader does not keep up'));
      this.#left();
      return;
    }
    this.#controller.enqueue(encoder.encode(text));
    if ((this.#controller.desiredSize ?? 0) > 0) return;
    return new Promise(resolve => this.#waiting.push(resolve));
  }

  end(text?: string): void {
    if (this.ended) return;
    this.ended = true;
    try {
      if (text !== undefined) this.#controller.enqueue(encoder.encode(text));
      this.#controller.close();
    } catch {
      // The reader has cancelled, or was cut off.
    }
    this.#wake();
  }
}
