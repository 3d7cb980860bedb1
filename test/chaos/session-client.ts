/** A client of the 2025 era that has a session and goes on reading wherever its streams are cut. */
import type { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { exchange, type Received, type ReceivedEvent } from './sse-connection.ts';

export interface ClientOptions {
  /** Where the server, or the proxy in front of it, is; asked for every request. */
  readonly port: () => number;
  readonly revision?: string;
  readonly capabilities?: object;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
export type Message = any;

/** What a client got of one stream, over all its connections. */
export interface Reading {
  /** The messages as they came, in order. */
  readonly messages: string[];
  /** The ids of the messages. */
  readonly ids: string[];
  /** The id to go on from: an event without a message has one too. */
  lastId: string | undefined;
  /** Connections that ended before the stream did. */
  cuts: number;
  /** Cut before the first id: there is nothing that the client could go on from, and it knows. */
  unresumable: boolean;
  /** Why it could not go on, if so. */
  failure: string | undefined;
}

const RETRY_MS = 15;
const PATIENCE_MS = 20_000;
/** The longest that servers may take to come back, all together. */
const ABSENCE_MS = 30_000;

const newReading = (): Reading => ({
  messages: [],
  ids: [],
  lastId: undefined,
  cuts: 0,
  unresumable: false,
  failure: undefined,
});

export class SessionClient {
  readonly options: ClientOptions;
  readonly revision: string;
  sessionId = '';
  /** When to leave a stream that goes on for ever without its last message; by `performance.now()`. */
  giveUpAt = Number.POSITIVE_INFINITY;
  /** Streams of events that were cut with an id to go on from, over all that it has read. */
  resumableCuts = 0;
  #nextId = 1;

  constructor(options: ClientOptions) {
    this.options = options;
    this.revision = options.revision ?? '2025-11-25';
  }

  /** Does the handshake; tries again while there is no connection. */
  async begin(): Promise<this> {
    const params = {
      protocolVersion: this.revision,
      capabilities: this.options.capabilities ?? {},
      clientInfo: { name: 'chaos', version: '1.0.0' },
    };
    const answer = await this.persistently(() => this.send(this.request('initialize', params)));
    await answer.text();
    this.sessionId = String(answer.headers['mcp-session-id'] ?? '');
    if (answer.status !== 200 || this.sessionId === '') throw new Error(`no session: status ${answer.status}`);
    const initialized = await this.persistently(() => this.send({ method: 'notifications/initialized' }));
    await initialized.text();
    return this;
  }

  /** Takes on a session that was begun elsewhere. */
  resume(sessionId: string): this {
    this.sessionId = sessionId;
    return this;
  }

  get headers(): Record<string, string> {
    return {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...(this.sessionId !== '' && { 'mcp-session-id': this.sessionId, 'mcp-protocol-version': this.revision }),
      ...this.options.headers,
    };
  }

  /** A request message with an id of its own. */
  request(method: string, params?: object): { id: number; method: string; params?: object } {
    return { id: this.#nextId++, method, ...(params && { params }) };
  }

  /** Posts one message. */
  send(message: object, port?: number): Promise<Received> {
    const { agent } = this.options;
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    return exchange({ port: port ?? this.options.port(), headers: this.headers, body, ...(agent && { agent }) });
  }

  /** Posts a request and gives its response, from JSON or from a stream that is not cut. */
  async ask(method: string, params?: object, port?: number): Promise<Message> {
    const answer = await this.send(this.request(method, params), port);
    if (!answer.isStream) return JSON.parse(await answer.text());
    for await (const { data } of answer.events()) {
      const message: Message = data === '' ? {} : JSON.parse(data);
      if ('result' in message || 'error' in message) return message;
    }
    throw new Error('the stream ended without a response');
  }

  /** Opens the GET stream, or goes on with a stream of any kind after an event. */
  get(after?: string, port?: number): Promise<Received> {
    const headers = { ...this.headers, ...(after !== undefined && { 'last-event-id': after }) };
    return exchange({ port: port ?? this.options.port(), method: 'GET', headers });
  }

  async end(port?: number): Promise<number> {
    const answer = await exchange({ port: port ?? this.options.port(), method: 'DELETE', headers: this.headers });
    await answer.text();
    return answer.status;
  }

  /** Tries again while no connection is to be had. */
  async persistently(attempt: () => Promise<Received>): Promise<Received> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (performance.now() > end) throw error;
        await delay(RETRY_MS);
      }
    }
  }

  /** Calls a tool and reads on, over as many connections as it takes, until there is a response. */
  async call(name: string, args: object): Promise<Reading> {
    const reading = newReading();
    const request = this.request('tools/call', { name, arguments: args });
    const isLast = (message: Message): boolean => message.id === request.id && !('method' in message);
    let first: Received | undefined;
    try {
      first = await this.send(request);
    } catch {
      // Nobody can tell whether it was received; there is nothing to resume.
      reading.cuts++;
      reading.unresumable = true;
      return reading;
    }
    return this.#read(reading, first, isLast);
  }

  /** Reads the GET stream until a message says that it is the last. */
  async listen(isLast: (message: Message) => boolean, opened?: () => void): Promise<Reading> {
    const reading = newReading();
    while (reading.lastId === undefined) {
      const first = await this.persistently(() => this.get());
      if (first.status === 200) opened?.();
      await this.#read(reading, first, isLast);
      if (!reading.unresumable) return reading;
      // Cut before there was an id: to begin anew loses nothing that had been promised.
      reading.unresumable = false;
      await delay(RETRY_MS);
    }
    return reading;
  }

  async #read(reading: Reading, first: Received, isLast: (message: Message) => boolean): Promise<Reading> {
    let answer: Received | undefined = first;
    // Only the time counts in which somebody was there: a busy machine takes long to start the next server.
    let listenedMs = 0;
    let heardAt = performance.now();
    for (;;) {
      const before = reading.ids.length;
      const begunAt = performance.now();
      if (answer !== undefined && (await this.#readOne(reading, answer, isLast))) return reading;
      const now = performance.now();
      const after = reading.lastId;
      if (reading.ids.length > before) {
        listenedMs = 0;
        heardAt = now;
      } else listenedMs += now - begunAt;
      if (after === undefined) reading.unresumable = true;
      else if (listenedMs > PATIENCE_MS) reading.failure = `nothing new within ${PATIENCE_MS} ms`;
      else if (now - heardAt > ABSENCE_MS) reading.failure = `nobody there for ${ABSENCE_MS} ms`;
      if (reading.unresumable || reading.failure !== undefined) return reading;
      await delay(RETRY_MS);
      answer = await this.get(after).catch(() => undefined);
    }
  }

  /** Reads one connection to its end; true when the stream has come to its own. */
  async #readOne(reading: Reading, answer: Received, isLast: (message: Message) => boolean): Promise<boolean> {
    // The server is about to stop, and another one comes.
    if (answer.status === 503) return this.#drained(answer);
    if (answer.status !== 200 || !answer.isStream) {
      const text = await answer.text().catch(() => '');
      if (answer.status === 200) return this.#take(reading, { id: undefined, data: text }, isLast);
      reading.failure = `status ${answer.status}: ${text.slice(0, 200)}`;
      return true;
    }
    try {
      for await (const event of answer.events()) {
        if (this.#take(reading, event, isLast)) return true;
        if (performance.now() > this.giveUpAt) {
          reading.failure = 'gave up: its last message does not come';
          return true;
        }
      }
    } catch {
      // Cut.
    }
    reading.cuts++;
    if (reading.lastId !== undefined) this.resumableCuts++;
    return false;
  }

  async #drained(answer: Received): Promise<false> {
    await answer.text().catch(() => '');
    return false;
  }

  #take(reading: Reading, { id, data }: ReceivedEvent, isLast: (message: Message) => boolean): boolean {
    if (id !== undefined) reading.lastId = id;
    if (data === '') return false;
    if (id !== undefined) reading.ids.push(id);
    reading.messages.push(data);
    return isLast(JSON.parse(data));
  }
}
