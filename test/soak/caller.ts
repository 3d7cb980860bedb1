/** What a visit has at hand to reach the server. All of it ends with the visit. */
import assert from 'node:assert/strict';
import { type Agent, type IncomingMessage, request } from 'node:http';
import { EventParser, type ReceivedEvent } from '../chaos/sse-connection.ts';
import type { JsonRpcAnswer, Prepared } from '../support/mcp-post.ts';
import type { Tally } from './tally.ts';

// biome-ignore lint/suspicious/noExplicitAny: messages of every shape are looked into
export type Message = any;

export interface Sending {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface CallerParts {
  readonly port: number;
  /** Kept-alive connections that the visits share. */
  readonly agent: Agent;
  readonly tally: Tally;
  /** The load is about to stop: what only waits need not go on. */
  readonly ending: AbortSignal;
  /** From 0 to 1. */
  readonly random: () => number;
  /** The longest time that a visit holds a stream. */
  readonly holdMs: number;
}

/** The answer to one request, whose body has not been read. */
export class Reply {
  readonly status: number;
  readonly message: IncomingMessage;

  constructor(message: IncomingMessage) {
    this.message = message;
    this.status = message.statusCode ?? 0;
  }

  header(name: string): string | undefined {
    return this.message.headers[name] as string | undefined;
  }

  get isStream(): boolean {
    return this.header('content-type')?.startsWith('text/event-stream') === true;
  }

  async text(): Promise<string> {
    let text = '';
    this.message.setEncoding('utf8');
    for await (const piece of this.message) text += piece as string;
    return text;
  }

  /** @param pauseMs between reads, for a slow reader */
  events(pauseMs = 0): Events {
    assert.ok(this.isStream, `status ${this.status} with ${this.header('content-type')} in place of a stream`);
    return new Events(this.message, pauseMs);
  }
}

/** An event stream that is being read. */
export class Events {
  readonly #message: IncomingMessage;
  readonly #events: AsyncGenerator<ReceivedEvent>;
  /** Of the last event that had one. */
  lastId: string | undefined;

  constructor(message: IncomingMessage, pauseMs: number) {
    this.#message = message;
    this.#events = eventsOf(message, pauseMs);
  }

  /** The next message; undefined at the end of the stream. */
  async next(): Promise<Message | undefined> {
    for (;;) {
      const { done, value } = await this.#events.next();
      if (done) return undefined;
      this.lastId = value.id ?? this.lastId;
      if (value.data !== '') return JSON.parse(value.data);
    }
  }

  /** Data that is no JSON: the first event of HTTP+SSE. */
  async nextText(): Promise<string> {
    const { done, value } = await this.#events.next();
    assert.ok(!done, 'the stream ended without its first event');
    return value.data;
  }

  async rest(): Promise<Message[]> {
    const all: Message[] = [];
    for (let message = await this.next(); message !== undefined; message = await this.next()) all.push(message);
    return all;
  }

  cut(): void {
    this.#message.destroy();
  }
}

async function* eventsOf(message: IncomingMessage, pauseMs: number): AsyncGenerator<ReceivedEvent> {
  const parser = new EventParser();
  message.setEncoding('utf8');
  for await (const text of message) {
    yield* parser.push(text as string);
    if (pauseMs > 0) await new Promise(resolve => setTimeout(resolve, pauseMs));
  }
  assert.ok(message.complete, 'the stream was cut');
}

let lastNumber = 0;

export class Caller {
  readonly parts: CallerParts;
  readonly #gone = new AbortController();

  constructor(parts: CallerParts) {
    this.parts = parts;
  }

  /** Cuts every connection on which something is on its way. */
  leave(): void {
    this.#gone.abort();
  }

  /** Aborted by {@link leave}. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** A text that nobody else has. */
  mark(): string {
    return `m${++lastNumber}`;
  }

  /** A whole number from `low` to `high`. */
  between(low: number, high: number): number {
    return low + Math.floor(this.parts.random() * (high - low + 1));
  }

  /** Sends over a connection that is kept alive, or over one of its own. */
  send(sending: Sending, own = false): Promise<Reply> {
    const { port, agent, tally } = this.parts;
    const { signal } = this.#gone;
    const { method = 'POST', path = '/mcp', headers, body } = sending;
    tally.requests++;
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, method, path, headers, agent: own ? false : agent, signal } as const;
      const sent = request(options, message => resolve(new Reply(message)));
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** A request that is answered with JSON; its response, which has the id of the request. */
  async ask(prepared: Prepared, status = 200): Promise<JsonRpcAnswer> {
    const reply = await this.send(prepared);
    const text = await reply.text();
    assert.equal(reply.status, status, text.slice(0, 300));
    assert.equal(reply.isStream, false, 'a stream in place of JSON');
    const answer = JSON.parse(text) as JsonRpcAnswer;
    assert.equal(answer.id, (JSON.parse(prepared.body) as { id: unknown }).id, 'the answer to another request');
    return answer;
  }

  /** As `ask`, and its time counts. */
  async timed(prepared: Prepared): Promise<JsonRpcAnswer> {
    const start = performance.now();
    const answer = await this.ask(prepared);
    this.parts.tally.recent.record(performance.now() - start);
    return answer;
  }

  /** A request that is answered with a stream, over a connection of its own. */
  async stream(sending: Sending, pauseMs = 0): Promise<Events> {
    const reply = await this.send(sending, true);
    if (!reply.isStream)
      assert.fail(`status ${reply.status} in place of a stream: ${(await reply.text()).slice(0, 300)}`);
    return reply.events(pauseMs);
  }

  /** Waits, but not when the load is about to stop. */
  wait(ms: number): Promise<void> {
    const { ending } = this.parts;
    if (ending.aborted) return Promise.resolve();
    return new Promise(resolve => {
      const done = () => {
        clearTimeout(timer);
        ending.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      ending.addEventListener('abort', done);
    });
  }

  /** Waits for a random time, as long as a stream is held at most. */
  hold(): Promise<void> {
    return this.wait(this.between(1, this.parts.holdMs));
  }
}

/** The text of a tool's result. */
export function textOf({ result, error }: Message): string {
  if (error !== undefined) assert.fail(`an error in place of a result: ${JSON.stringify(error).slice(0, 300)}`);
  assert.notEqual(result.isError, true, `a tool's error: ${JSON.stringify(result).slice(0, 300)}`);
  return result.content[0].text;
}
