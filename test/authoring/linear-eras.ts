/** One request to a server in each era, with a client that answers the questions in the middle of it. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { Client, type Transport as SdkTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type ClientCapabilities, InMemoryTransport, type McpServer, type ServeOptions } from 'slipway';
import { ask, type JsonRpcAnswer } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';

type Params = Readonly<Record<string, unknown>>;

export interface Asked {
  readonly method: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into questions of every kind
  readonly params: any;
}

/** Gives the result of a question. */
export type Answering = (question: Asked) => Params;

export interface Ended {
  // biome-ignore lint/suspicious/noExplicitAny: tests look into results of every method
  readonly result?: any;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
  /** In the order in which the client saw them; several of one round in the order of their calls. */
  readonly asked: readonly Asked[];
}

export type Method = 'tools/call' | 'prompts/get' | 'resources/read';

export const EVERYTHING: ClientCapabilities = { elicitation: { form: {}, url: {} }, sampling: { tools: {} } };

/** Sends one request and answers until it ends. */
export type Era = (
  t: TestContext,
  server: McpServer,
  method: Method,
  params: Params,
  answering: Answering,
  capabilities?: ClientCapabilities,
) => Promise<Ended>;

function answeringClient(
  capabilities: ClientCapabilities,
  era: 'legacy' | 'modern',
  asked: Asked[],
  answer: Answering,
) {
  const mode = era === 'modern' ? { pin: '2026-07-28' } : 'legacy';
  const client = new Client({ name: 'test', version: '1.0.0' }, { capabilities, versionNegotiation: { mode } });
  const respond = async ({ method, params }: Asked) => {
    asked.push({ method, params });
    return answer({ method, params }) as never;
  };
  if (capabilities.elicitation !== undefined) client.setRequestHandler('elicitation/create', respond);
  if (capabilities.sampling !== undefined) client.setRequestHandler('sampling/createMessage', respond);
  return client;
}

async function request(client: Client, method: Method, params: Params, asked: Asked[]): Promise<Ended> {
  try {
    if (method === 'tools/call') return { result: await client.callTool(params as { name: string }), asked };
    if (method === 'prompts/get') return { result: await client.getPrompt(params as { name: string }), asked };
    return { result: await client.readResource(params as { uri: string }), asked };
  } catch (error) {
    return { error: error as NonNullable<Ended['error']>, asked };
  }
}

/** The 2025 era over `connect()`. */
export const connected: Era = async (t, server, method, params, answering, capabilities = EVERYTHING) => {
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await server.connect(serverSide);
  t.after(() => server.close());
  const asked: Asked[] = [];
  const client = answeringClient(capabilities, 'legacy', asked, answering);
  await client.connect(clientSide as SdkTransport);
  return request(client, method, params, asked);
};

const overHttp =
  (era: 'legacy' | 'modern'): Era =>
  async (t, server, method, params, answering, capabilities = EVERYTHING) => {
    const running = await serving(t, server);
    const asked: Asked[] = [];
    const client = answeringClient(capabilities, era, asked, answering);
    await client.connect(new StreamableHTTPClientTransport(new URL(running.url)));
    t.after(() => client.close());
    return request(client, method, params, asked);
  };

/** The official client in the 2025 era, with a session over HTTP. */
export const inSession: Era = overHttp('legacy');

/** The official client of 2026-07-28 over HTTP. */
export const official: Era = overHttp('modern');

const MAX_ROUNDS = 12;

/** The rounds of one request of 2026-07-28 over HTTP, by hand. */
export class Rounds {
  readonly asked: Asked[] = [];
  #url: string;
  readonly #method: Method;
  readonly #params: Params;
  /** What the next request declares. */
  capabilities: ClientCapabilities;
  /** The latest answer of the server. */
  latest!: JsonRpcAnswer;
  count = 0;

  private constructor(url: string, method: Method, params: Params, capabilities: ClientCapabilities) {
    this.#url = url;
    this.#method = method;
    this.#params = params;
    this.capabilities = capabilities;
  }

  /** Sends the request for the first time. */
  static async begin(
    url: string,
    method: Method,
    params: Params,
    capabilities: ClientCapabilities = EVERYTHING,
  ): Promise<Rounds> {
    const rounds = new Rounds(url, method, params, capabilities);
    await rounds.send({});
    return rounds;
  }

  static async tool(t: TestContext, server: McpServer, name: string, options?: ServeOptions): Promise<Rounds> {
    const { url } = await serving(t, server, options);
    return Rounds.begin(url, 'tools/call', { name, arguments: {} });
  }

  get asks(): boolean {
    return this.latest.result?.resultType === 'input_required';
  }

  get questions(): Record<string, Asked> {
    assert.ok(this.asks, `no question: ${JSON.stringify(this.latest)}`);
    return this.latest.result.inputRequests;
  }

  get state(): string {
    return this.latest.result.requestState;
  }

  get text(): string {
    return this.latest.result?.content?.[0]?.text ?? this.latest.error?.message;
  }

  /** Sends the request again with these members, and no others of an earlier round. */
  async send(members: Params): Promise<void> {
    this.count++;
    const changes = { capabilities: this.capabilities as Params, id: this.count };
    this.latest = await ask(this.#url, this.#method, { ...this.#params, ...members }, changes);
    if (this.asks) this.asked.push(...Object.values(this.questions));
  }

  /** Sends what follows to another server. */
  moveTo(url: string): this {
    this.#url = url;
    return this;
  }

  /** Sends the request again with the answers by their keys. */
  retry(inputResponses: Params): Promise<void> {
    return this.send({ inputResponses, requestState: this.state });
  }

  /** Answers every question of this round. */
  answer(answering: Answering): Promise<void> {
    const answers = Object.entries(this.questions).map(([key, question]) => [key, answering(question)]);
    return this.retry(Object.fromEntries(answers));
  }
}

/** 2026-07-28 over HTTP, sent again by hand until it ends. */
export const byHand: Era = async (t, server, method, params, answering, capabilities = EVERYTHING) => {
  const { url } = await serving(t, server);
  const rounds = await Rounds.begin(url, method, params, capabilities);
  while (rounds.asks && rounds.count < MAX_ROUNDS) await rounds.answer(answering);
  const { result, error } = rounds.latest;
  return { ...(error === undefined ? { result } : { error }), asked: rounds.asked };
};

export const ERAS: Readonly<Record<string, Era>> = {
  '2025-11-25 over connect()': connected,
  '2025-11-25 in a session over HTTP': inSession,
  '2026-07-28, by hand': byHand,
  '2026-07-28, official client': official,
};

/** Accepts a form with this content. */
export const accept = (content: Params): Params => ({ action: 'accept', content });

/** What a model says. */
export const said = (text: string): Params => ({
  role: 'assistant',
  model: 'm',
  stopReason: 'endTurn',
  content: { type: 'text', text },
});

/** A form with one required text field. */
export const textForm = (message: string, field: string) => ({
  message,
  requestedSchema: {
    type: 'object' as const,
    properties: { [field]: { type: 'string' as const } },
    required: [field],
  },
});
