import { type EventStream, type Headers, type Responder, STREAM_HEADERS } from './responder.ts';

/** Answers with a web `Response`, which is there as soon as its head is known. */
export class FetchResponder implements Responder {
  extraHeaders: Headers | undefined;
  readonly response: Promise<Response>;
  readonly #resolve: (response: Response) => void;
  readonly #maxBufferedBytes: number;
  readonly #signal: AbortSignal;
  readonly #goneListeners: (() => void)[] = [];
  #stream: FetchEventStream | undefined;
  #answered = false;
  #gone = false;

  /** @param signal the request's: aborted when the host knows that the client left */
  constructor(maxBufferedBytes: number, signal: AbortSignal) {
    const { promise, resolve } = Promise.withResolvers<Response>();
    this.response = promise;
    this.#resolve = resolve;
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#leave(), { once: true });
  }

  get gone(): boolean {
    return this.#gone || this.#signal.aborted;
  }

  onGone(listener: () => void): void {
    this.#goneListeners.push(listener);
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
    const length = String(Buffer.byteLength(body));
    const all = { 'content-type': 'application/json', 'content-length': length, ...this.extraHeaders, ...headers };
    this.#answer(new Response(body, { status, headers: all }));
  }

  sendOther(status: number, headers: Headers, body?: string): void {
    this.#answer(new Response(body ?? null, { status, headers: { ...this.extraHeaders, ...headers } }));
  }

  sendStream(text: string): void {
    this.#answer(new Response(text, { status: 200, headers: { ...STREAM_HEADERS, ...this.extraHeaders } }));
  }

  stream(headers?: Headers): EventStream {
    const stream = new FetchEventStream(this.#maxBufferedBytes, () => this.#leave());
    this.#stream = stream;
    this.#answer(new Response(stream.readable, { headers: { ...STREAM_HEADERS, ...this.extraHeaders, ...headers } }));
    return stream;
  }
}

const encoder = new TextEncoder();

class FetchEventStream implements EventStream {
  readonly readable: ReadableStream<Uint8Array>;
  ended = false;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #pulled: (() => void)[] = [];
  readonly #left: () => void;

  constructor(maxBufferedBytes: number, left: () => void) {
    this.#left = left;
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: controller => {
          this.#controller = controller;
        },
        pull: () => {
          const waiting = this.#pulled;
          this.#pulled = [];
          for (const resolve of waiting) resolve();
        },
        cancel: () => left(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: maxBufferedBytes }),
    );
  }

  write(text: string): void | Promise<void> {
    if (this.ended) return;
    this.#controller.enqueue(encoder.encode(text));
    const room = this.#controller.desiredSize ?? 0;
    if (room > 0) return;
    if (room < 0) {
      // More than the bound waits for a reader that does not read.
      this.#controller.error(new Error('the reader does not keep up'));
      this.ended = true;
      this.#left();
      return;
    }
    return new Promise(resolve => this.#pulled.push(resolve));
  }

  end(text?: string): void {
    if (this.ended) return;
    this.ended = true;
    if (text !== undefined) this.#controller.enqueue(encoder.encode(text));
    try {
      this.#controller.close();
    } catch {
      // The reader cancelled first.
    }
  }
}
