/** A client of HTTP+SSE (MCP 2024-11-05), as raw as tests need it. */
import assert from 'node:assert/strict';

// biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
type Message = any;

/** A stream that says nothing for ever fails its test. */
const PATIENCE_MS = 20_000;

interface SseEvent {
  readonly event: string;
  readonly data: string;
}

export class SseClient {
  readonly response: Response;
  /** Where this client posts. */
  postUrl = '';
  /** What the endpoint event said. */
  endpoint = '';
  readonly comments: string[] = [];
  readonly #leaving: AbortController;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  readonly #events: SseEvent[] = [];
  #rest = '';
  #ended = false;

  private constructor(response: Response, leaving: AbortController) {
    this.response = response;
    this.#leaving = leaving;
    this.#reader = response.body!.getReader();
  }

  /** Opens a stream and waits for its first event. */
  static async open(url: string, headers: Record<string, string> = {}): Promise<SseClient> {
    const leaving = new AbortController();
    const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const response = await fetch(url, { headers, signal });
    assert.equal(response.status, 200);
    const client = new SseClient(response, leaving);
    const first = await client.#nextEvent();
    assert.equal(first?.event, 'endpoint');
    client.endpoint = first.data;
    client.postUrl = new URL(first.data, url).href;
    return client;
  }

  async #nextEvent(): Promise<SseEvent | undefined> {
    while (this.#events.length === 0) {
      if (this.#ended) return undefined;
      await this.#read();
    }
    return this.#events.shift();
  }

  async #read(): Promise<void> {
    const { done, value } = await this.#reader.read();
    if (done) {
      this.#ended = true;
      return;
    }
    const blocks = (this.#rest + this.#decoder.decode(value, { stream: true })).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) =>
        block
          .split('\n')
          .find(line => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      if (block.startsWith(':')) this.comments.push(block);
      else this.#events.push({ event: field('event') ?? 'message', data: field('data') ?? '' });
    }
  }

  /** The next message; undefined at the end of the stream. */
  async next(): Promise<Message | undefined> {
    const event = await this.#nextEvent();
    if (event === undefined) return undefined;
    assert.equal(event.event, 'message');
    return JSON.parse(event.data);
  }

  /** The next message for which something holds; what comes before is dropped. */
  async nextWhere(holds: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const message = await this.next();
      if (message === undefined) throw new Error('the stream ended');
      if (holds(message)) return message;
    }
  }

  async comment(): Promise<string> {
    while (this.comments.length === 0 && !this.#ended) await this.#read();
    return this.comments.shift() ?? '';
  }

  post(message: object, headers: Record<string, string> = {}, url = this.postUrl): Promise<Response> {
    const body = JSON.stringify(message);
    return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  }

  /** Posts a request and waits for its response; what else arrives before is dropped. */
  async ask(id: number | string, method: string, params: object = {}): Promise<Message> {
    const response = await this.post({ jsonrpc: '2.0', id, method, params });
    assert.equal(response.status, 202);
    assert.equal(await response.text(), 'Accepted');
    return this.nextWhere(message => message.id === id && message.method === undefined);
  }

  async initialize(capabilities: object = {}): Promise<Message> {
    const clientInfo = { name: 'raw', version: '1.0.0' };
    const answer = await this.ask('init', 'initialize', { protocolVersion: '2024-11-05', capabilities, clientInfo });
    assert.equal((await this.post({ jsonrpc: '2.0', method: 'notifications/initialized' })).status, 202);
    return answer;
  }

  leave(): void {
    this.#leaving.abort();
    this.#reader.cancel().catch(() => {});
  }
}
