/** A session of the 2025 era, as the soak's clients have one. */
import assert from 'node:assert/strict';
import { LEGACY, legacy, type Prepared } from '../support/mcp-post.ts';
import type { Caller, Events, Message } from './caller.ts';

export class Session {
  readonly #caller: Caller;
  readonly #headers: Readonly<Record<string, string>>;

  private constructor(caller: Caller, id: string) {
    this.#caller = caller;
    this.#headers = { 'mcp-session-id': id, 'mcp-protocol-version': LEGACY };
  }

  static async begin(caller: Caller, capabilities: object = {}): Promise<Session> {
    const params = { protocolVersion: LEGACY, capabilities, clientInfo: { name: 'soak', version: '1.0.0' } };
    const reply = await caller.send(legacy('initialize', params));
    const text = await reply.text();
    assert.equal(reply.status, 200, text);
    assert.equal(JSON.parse(text).result.protocolVersion, LEGACY);
    const session = new Session(caller, reply.header('mcp-session-id') ?? '');
    await session.tell('notifications/initialized');
    return session;
  }

  prepared(method: string, params: Readonly<Record<string, unknown>>, id: string): Prepared {
    return legacy(method, params, { id, headers: this.#headers });
  }

  call(name: string, args: object): Promise<Message> {
    return this.#caller.timed(this.prepared('tools/call', { name, arguments: args }, this.#caller.mark()));
  }

  ask(method: string, params: Readonly<Record<string, unknown>>): Promise<Message> {
    return this.#caller.ask(this.prepared(method, params, this.#caller.mark()));
  }

  /** A call that tells of its progress: its answer is a stream. */
  stream(name: string, args: object, id: string = this.#caller.mark()): Promise<Events> {
    const params = { name, arguments: args, _meta: { progressToken: 'p' } };
    return this.#caller.stream(this.prepared('tools/call', params, id));
  }

  async tell(method: string, params?: object): Promise<void> {
    await this.#post({ method, ...(params && { params }) });
  }

  /** Answers a question of the server. */
  async answer(id: unknown, result: object): Promise<void> {
    await this.#post({ id, result });
  }

  async #post(message: object): Promise<void> {
    const { headers } = this.prepared('ping', {}, '');
    const reply = await this.#caller.send({ headers, body: JSON.stringify({ jsonrpc: '2.0', ...message }) });
    const text = await reply.text();
    assert.equal(reply.status, 202, text.slice(0, 300));
  }

  /** The session's own stream, or the rest of any stream of it. */
  open(lastEventId?: string): Promise<Events> {
    const headers: Record<string, string> = { ...this.#headers, accept: 'text/event-stream' };
    if (lastEventId !== undefined) headers['last-event-id'] = lastEventId;
    return this.#caller.stream({ method: 'GET', headers });
  }

  async end(): Promise<void> {
    const reply = await this.#caller.send({ method: 'DELETE', headers: this.#headers });
    await reply.text();
    assert.equal(reply.status, 204);
  }

  /** The status of a request now. */
  async status(): Promise<number> {
    const reply = await this.#caller.send(this.prepared('ping', {}, this.#caller.mark()));
    await reply.text();
    return reply.status;
  }
}
