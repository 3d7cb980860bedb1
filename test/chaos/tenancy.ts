/** What tenants do, all at once, and what must never come of it. Every finding is a broken promise. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../fuzz/random.ts';
import { type Message, SessionClient } from './session-client.ts';
import { StreamTail } from './stream-tail.ts';
import { type House, headersOf, type Tenant } from './tenants.ts';

const call = (name: string, args: object): [string, object] => ['tools/call', { name, arguments: args }];
const textOf = (message: Message): string | undefined => message.result?.content?.[0]?.text;

export class Tenancy {
  /** What went wrong, in words. */
  readonly findings: string[] = [];
  /** How often each thing was done. */
  readonly done: Record<string, number> = {};
  /** What all are told on their GET streams. */
  readonly toAll: string[] = [];
  readonly #houses: readonly House[];
  readonly #tenants: readonly Tenant[];
  /** Sessions that make no calls: what they cancel is none of their own. */
  readonly #bystanders: readonly Tenant[];
  readonly #random: Random;
  #number = 0;

  constructor(houses: readonly House[], tenants: readonly Tenant[], bystanders: readonly Tenant[], random: Random) {
    this.#houses = houses;
    this.#tenants = tenants;
    this.#bystanders = bystanders;
    this.#random = random;
  }

  /** Does something at random for a tenant. */
  async act(tenant: Tenant): Promise<void> {
    const kinds = ['count', 'ask', 'wait', 'update', 'letter', 'broadcast', 'intrude'] as const;
    const kind = this.#random.weighted(
      kinds.map(kind => [kind === 'count' || kind === 'intrude' ? 3 : 1, kind] as const),
    );
    this.done[kind] = (this.done[kind] ?? 0) + 1;
    await this[kind](tenant, `${tenant.name}:${++this.#number}`);
  }

  #expect(holds: boolean, what: string): void {
    if (!holds) this.findings.push(what);
  }

  #other(tenant: Tenant): Tenant {
    return this.#random.pick(this.#tenants.filter(other => other !== tenant));
  }

  /** A call that tells numbered messages, on a stream that may be cut. */
  async count(tenant: Tenant, mark: string): Promise<void> {
    const events = 5 + this.#random.below(40);
    const args = { mark, events, burst: 1 + this.#random.below(5), pauseMs: this.#random.below(4) };
    const { messages, ids, failure, unresumable } = await tenant.cutClient.call('count', args);
    tenant.eventIds.push(...ids);
    this.#expect(failure === undefined && !unresumable, `${mark}: ${failure ?? 'cut too early'}`);
    const parsed: Message[] = messages.map(text => JSON.parse(text));
    for (const { params } of parsed) {
      if (params !== undefined) this.#expect(params.data?.mark === mark, `${mark} was told ${JSON.stringify(params)}`);
    }
    const numbers = parsed.flatMap(({ params }) => (params === undefined ? [] : [params.data.number]));
    const complete = numbers.length === events && numbers.every((number, index) => number === index + 1);
    this.#expect(complete, `${mark} was told ${numbers.join(' ')} of ${events}`);
    this.#expect(textOf(parsed.at(-1)) === `${mark} counted to ${events}`, `${mark} was answered ${messages.at(-1)}`);
  }

  /** A question, which somebody else tries to answer first. */
  async ask(tenant: Tenant, mark: string): Promise<void> {
    const { client } = tenant;
    const tail = new StreamTail(await client.send(client.request(...call('ask', { mark }))));
    const question = await tail.until(message => message.method === 'elicitation/create');
    this.#expect(question.params.message === mark, `${mark} was asked ${question.params.message}`);
    const answer = (word: string) => ({ id: question.id, result: { action: 'accept', content: { word } } });
    const intruder = this.#other(tenant);
    await (await intruder.client.send(answer(`of ${intruder.name}`))).text();
    await (await client.send(answer(tenant.name))).text();
    const response = await tail.until(message => 'result' in message || 'error' in message);
    this.#expect(textOf(response) === `${mark} heard accept ${tenant.name}`, `${mark} got ${JSON.stringify(response)}`);
    this.#ownOnly(tail, mark);
    tenant.eventIds.push(...tail.ids);
  }

  /** A call that somebody else tries to cancel, with the right id of the wrong session. */
  async wait(tenant: Tenant, mark: string): Promise<void> {
    const { client } = tenant;
    const request = client.request(...call('wait', { mark }));
    const tail = new StreamTail(await client.send(request));
    await tail.until(message => message.params?.data?.mark === mark);
    tenant.eventIds.push(...tail.ids);
    const intruder = this.#random.pick(this.#bystanders);
    const cancel = { method: 'notifications/cancelled', params: { requestId: request.id } };
    await (await intruder.client.send(cancel)).text();
    await delay(40);
    for (const { chaos } of this.#houses) chaos.release(mark);
    const response = await tail.until(message => 'result' in message || 'error' in message);
    this.#expect(textOf(response) === `${mark} was released`, `${mark} got ${JSON.stringify(response)}`);
    this.#ownOnly(tail, mark);
  }

  #ownOnly(tail: StreamTail, mark: string): void {
    for (const { method, params } of tail.messages) {
      if (method !== 'notifications/message') continue;
      this.#expect(params.data.mark === mark, `${mark} was told ${JSON.stringify(params)}`);
    }
  }

  /** A resource that only this tenant subscribes to is changed by another. */
  async update(tenant: Tenant, mark: string): Promise<void> {
    const uri = `tick://${mark.replace(':', '/')}`;
    await tenant.client.ask('resources/subscribe', { uri });
    await this.#other(tenant).client.ask(...call('touch', { uri }));
    tenant.expected.push(uri);
  }

  /** A message for one session: from outside of any call, or by a handler that answers somebody else. */
  async letter(tenant: Tenant, mark: string): Promise<void> {
    const { sessionId } = tenant.client;
    tenant.expected.push(mark);
    if (this.#random.chance(0.5)) {
      const { mcp } = this.#random.pick(this.#houses).chaos;
      return mcp.sendLoggingMessage({ level: 'info', data: { mark } }, sessionId);
    }
    const other = this.#other(tenant);
    const { messages } = await other.client.call('forward', { mark, sessionId });
    this.#expect(!messages.some(text => text.includes(mark)), `${other.name} was told ${mark}`);
  }

  /** A message for all. */
  async broadcast(_tenant: Tenant, mark: string): Promise<void> {
    const { mcp } = this.#random.pick(this.#houses).chaos;
    const data = { mark: `all:${mark}` };
    this.toAll.push(data.mark);
    await mcp.sendLoggingMessage({ level: 'info', data });
  }

  /** Somebody else's session id, event id, or both. */
  async intrude(tenant: Tenant): Promise<void> {
    const victim = this.#other(tenant);
    const eventId = victim.eventIds.length === 0 ? undefined : this.#random.pick(victim.eventIds);
    if (eventId !== undefined)
      await this.#refused(tenant.client, eventId, 400, `${tenant.name} with an id of ${victim.name}`);
    if (victim.user === tenant.user) return;
    const { port } = this.#random.pick(this.#houses);
    const disguised = new SessionClient({ port: () => port, headers: headersOf(tenant.user) });
    disguised.resume(victim.client.sessionId);
    const who = `${tenant.name} as ${victim.name}`;
    await this.#refused(disguised, undefined, 404, who);
    if (eventId !== undefined) await this.#refused(disguised, eventId, 404, who);
    const posted = await disguised.send(disguised.request(...call('echo', { mark: 'in' })));
    await posted.text();
    this.#expect(posted.status === 404, `${who}: POST gave ${posted.status}`);
    const ended = await disguised.end();
    this.#expect(ended === 404, `${who}: DELETE gave ${ended}`);
  }

  async #refused(client: SessionClient, eventId: string | undefined, status: number, who: string): Promise<void> {
    const answer = await client.get(eventId);
    this.#expect(answer.status === status, `${who}: GET gave ${answer.status}`);
    // A stream has no end to wait for.
    if (answer.isStream) answer.leave();
    else await answer.text();
  }

  /** Compares what a tenant's GET stream has told it with what it had to. */
  judge(tenant: Tenant, messages: readonly string[]): void {
    const told = messages.map(text => {
      const { params } = JSON.parse(text) as Message;
      return String(params?.uri ?? params?.data?.mark);
    });
    const owed = new Set([...tenant.expected, ...this.toAll]);
    for (const mark of told) this.#expect(owed.has(mark), `${tenant.name} was told ${mark}`);
    this.#expect(new Set(told).size === told.length, `${tenant.name} was told something twice`);
    const missing = [...owed].filter(mark => !told.includes(mark));
    this.#expect(missing.length === 0, `${tenant.name} was not told ${missing.slice(0, 3).join(', ')}`);
  }
}
