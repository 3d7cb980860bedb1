/** Reads one response to its end, or as far as the limits go. */
import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { BodyBytes } from './body-bytes.ts';
import { decoderOf } from './content-decoding.ts';
import type { BodyEnd, ReceivedResponse } from './exchange.ts';
import { HeaderList } from './header-list.ts';
import { type StreamEvent, StreamEventReader } from './stream-event.ts';

export interface ReadOptions {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly stop?: (event: StreamEvent) => boolean;
  readonly headOnly?: boolean;
  /** Milliseconds since the exchange began. */
  readonly elapsed: () => number;
}

export interface ReadResponse {
  readonly response: ReceivedResponse;
  readonly bodyMs?: number;
  readonly firstEventMs?: number;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function framingOf(message: IncomingMessage, method: string): ReceivedResponse['framing'] {
  const { statusCode = 0, headers } = message;
  if (method === 'HEAD' || statusCode === 204 || statusCode === 304 || statusCode < 200) return 'none';
  if (headers['transfer-encoding'] !== undefined) return 'chunked';
  return headers['content-length'] === undefined ? 'close' : 'content-length';
}

/** A response while it is read. */
class Reading {
  readonly events: StreamEvent[] = [];
  readonly #body: BodyBytes;
  readonly #options: ReadOptions;
  readonly #reader: StreamEventReader | undefined;
  readonly #text = new StringDecoder('utf8');
  wireBytes = 0;
  bodyMs: number | undefined;

  constructor(isStream: boolean, options: ReadOptions) {
    this.#options = options;
    this.#body = new BodyBytes(options.maxBytes);
    if (isStream) this.#reader = new StreamEventReader();
  }

  /** Takes decoded bytes; says how the body ends when it ends here. */
  take(chunk: Buffer): BodyEnd | undefined {
    const { elapsed, stop } = this.#options;
    this.bodyMs ??= elapsed();
    const kept = this.#body.add(chunk);
    if (this.#reader !== undefined) {
      for (const event of this.#reader.read(this.#text.write(kept), elapsed())) {
        this.events.push(event);
        if (stop?.(event) === true) return 'stopped';
      }
    }
    return kept.length < chunk.length ? 'too-large' : undefined;
  }

  get bytes(): Buffer {
    return this.#body.bytes;
  }
}

/** Reads a message whose header has arrived. Never throws. */
export function readResponse(message: IncomingMessage, method: string, options: ReadOptions): Promise<ReadResponse> {
  const headers = HeaderList.fromRaw(message.rawHeaders);
  const isStream = /^\s*text\/event-stream\b/i.test(headers.get('content-type') ?? '');
  const reading = new Reading(isStream, options);
  const framing = framingOf(message, method);
  const coding = (headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  const isCoded = coding !== 'identity' && coding !== '' && framing !== 'none';
  const decoder: Transform | undefined = isCoded ? decoderOf(coding) : undefined;

  return new Promise(resolve => {
    let done = false;
    const finish = (end: BodyEnd) => {
      if (done) return;
      done = true;
      options.signal.removeEventListener('abort', onAbort);
      decoder?.destroy();
      message.destroy();
      const bytes = reading.bytes;
      let text: string | undefined;
      const firstEventMs = reading.events[0]?.atMs;
      resolve({
        response: {
          status: message.statusCode ?? 0,
          reason: message.statusMessage ?? '',
          httpVersion: message.httpVersion,
          headers,
          framing,
          end,
          bytes,
          // Most bodies are looked at by nobody.
          get text() {
            return (text ??= bytes.toString('utf8'));
          },
          get isUtf8() {
            return isUtf8(bytes);
          },
          wireBytes: reading.wireBytes,
          events: reading.events,
        },
        ...(reading.bodyMs !== undefined && { bodyMs: reading.bodyMs }),
        ...(firstEventMs !== undefined && { firstEventMs }),
      });
    };
    const onAbort = () => finish('timeout');
    const take = (chunk: Buffer) => {
      const end = done ? undefined : reading.take(chunk);
      if (end !== undefined) finish(end);
    };
    message.on('error', () => finish('cut'));
    message.on('aborted', () => finish('cut'));
    if (options.headOnly === true) return finish('stopped');
    if (options.signal.aborted) return onAbort();
    options.signal.addEventListener('abort', onAbort, { once: true });
    if (isCoded && decoder === undefined) {
      // What it is can not be said; how much it is can.
      message.on('data', (chunk: Buffer) => {
        reading.wireBytes += chunk.length;
        if (reading.wireBytes > options.maxBytes) finish('undecodable');
      });
      message.on('end', () => finish('undecodable'));
      return;
    }
    if (decoder === undefined) {
      message.on('data', (chunk: Buffer) => {
        reading.wireBytes += chunk.length;
        take(chunk);
      });
      message.on('end', () => finish(message.complete ? 'complete' : 'cut'));
      return;
    }
    decoder.on('data', take).on('error', () => finish('undecodable'));
    decoder.on('end', () => finish(message.complete ? 'complete' : 'cut'));
    message.on('data', (chunk: Buffer) => {
      reading.wireBytes += chunk.length;
      // What was not taken yet is what a bomb would grow by.
      if (!decoder.write(chunk)) {
        message.pause();
        decoder.once('drain', () => message.resume());
      }
    });
    message.on('end', () => decoder.end());
  });
}
