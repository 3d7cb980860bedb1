/** Server-sent events with all that they carry: ids, retry times, comments. WHATWG HTML, 9.2. */
import assert from 'node:assert/strict';

// biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
export type Message = any;

export interface SentEvent {
  readonly id?: string;
  /** Milliseconds. */
  readonly retry?: number;
  /** Empty for an event that has a data line with nothing in it; absent without such a line. */
  readonly data?: string;
  readonly comment?: string;
}

const PATIENCE_MS = 5_000;

function eventOf(block: string): SentEvent {
  const event: { id?: string; retry?: number; data?: string; comment?: string } = {};
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name === '') event.comment = value;
    else if (name === 'id') event.id = value;
    else if (name === 'retry') event.retry = Number(value);
    else if (name === 'data') event.data = event.data === undefined ? value : `${event.data}\n${value}`;
    else assert.equal(name, 'event', `a line that no event stream has: ${line}`);
  }
  return event;
}

/** An open event stream, read in the background. Nothing waits for longer than five seconds. */
export class SentEvents {
  readonly response: Response;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #events: SentEvent[] = [];
  #ended = false;
  #wake: (() => void) | undefined;
  /** The id of the last event taken, as a client keeps it. */
  lastId: string | undefined;

  constructor(response: Response) {
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    this.response = response;
    // biome-ignore lint/suspicious/noExplicitAny: lib.dom and node:stream/web disagree about the type of the pair
    this.#reader = response.body!.pipeThrough(new TextDecoderStream() as any).getReader() as never;
    void this.#pump();
  }

  async #pump(): Promise<void> {
    let rest = '';
    try {
      for (let chunk = await this.#reader.read(); !chunk.done; chunk = await this.#reader.read()) {
        const blocks = (rest + chunk.value).split('\n\n');
        rest = blocks.pop() ?? '';
        this.#events.push(...blocks.map(eventOf));
        this.#wake?.();
      }
    } catch {
      // Cut, from either side.
    }
    this.#ended = true;
    this.#wake?.();
  }

  /** Whether the stream has ended and all of it was taken. */
  get over(): boolean {
    return this.#ended && this.#events.length === 0;
  }

  /** The next block, comments among them; undefined at the end. */
  async next(): Promise<SentEvent | undefined> {
    const end = performance.now() + PATIENCE_MS;
    while (this.#events.length === 0) {
      if (this.#ended) return undefined;
      const left = end - performance.now();
      assert.ok(left > 0, `no event within ${PATIENCE_MS} ms`);
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const event = this.#events.shift();
    this.lastId = event?.id ?? this.lastId;
    return event;
  }

  /** The next event with a message, whose id {@link lastId} is then; undefined at the end. */
  async message(): Promise<Message | undefined> {
    for (let event = await this.next(); event !== undefined; event = await this.next()) {
      if (event.data) return JSON.parse(event.data);
    }
    return undefined;
  }

  /** Everything up to the end, without comments. */
  async rest(): Promise<SentEvent[]> {
    const all: SentEvent[] = [];
    for (let event = await this.next(); event !== undefined; event = await this.next()) {
      if (event.comment === undefined) all.push(event);
    }
    return all;
  }

  /** The messages up to the end. */
  async messages(): Promise<Message[]> {
    return messagesIn(await this.rest());
  }

  /** The messages that have arrived and were not taken; call it after something that must not have brought one. */
  waiting(): Message[] {
    return messagesIn(this.#events);
  }

  /** Cuts the connection. */
  async cut(): Promise<void> {
    await this.#reader.cancel().catch(() => {});
  }
}

export function messagesIn(events: readonly SentEvent[]): Message[] {
  return events.filter(event => event.data).map(event => JSON.parse(event.data!));
}
