/** A server behind the edge, over a real socket: what its handlers did is counted. */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { type CreateMcpHandlerOptions, createMcpHandler, McpServer, type ServeOptions } from 'slipway';
import { type JsonRpcAnswer, legacy, modern, type Prepared, send } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';

export class EdgeServer {
  readonly mcp = new McpServer({ name: 'edge', version: '1.0.0' }, { capabilities: { logging: {} } });
  /** Names of the tools that were called. */
  readonly called: string[] = [];
  /** Calls of `wait` that were begun. */
  waiting = 0;
  /** Lets them all end. */
  release: () => void = () => {};

  constructor(t: TestContext) {
    const released = new Promise<void>(resolve => {
      this.release = resolve;
    });
    t.after(() => this.release());
    const tool = (name: string, config = {}) => {
      this.mcp.registerTool(name, config, () => {
        this.called.push(name);
        return name;
      });
    };
    tool('plain');
    tool('other');
    tool('free', { cost: 0 });
    tool('dear', { cost: 5 });
    tool('rare', { rateLimit: '2/1m' });
    this.mcp.registerTool('wait', {}, async () => {
      this.waiting++;
      await released;
      return 'released';
    });
    this.mcp.registerTool('ask', {}, async ctx => {
      const requestedSchema = { type: 'object', properties: { word: { type: 'string' } } } as const;
      const { content } = await ctx.mcpReq.elicitInput({ message: 'Which word?', requestedSchema });
      return String(content?.['word']);
    });
    this.mcp.registerTool('where', {}, ctx => {
      return JSON.stringify({ url: ctx.http?.req?.url, address: ctx.http?.remoteAddress });
    });
  }
}

export interface EdgeServing {
  readonly edge: EdgeServer;
  readonly url: string;
  readonly port: number;
  /** Stops the handler; where it is mounted, the port stays. */
  close(): Promise<void>;
}

/** On a port of its own, as `slipway start` does it. */
export async function edgeServing(t: TestContext, options: ServeOptions = {}): Promise<EdgeServing> {
  const edge = new EdgeServer(t);
  const { url, port, close } = await serving(t, edge.mcp, options);
  return { edge, url, port, close };
}

/** Behind something that validates tokens: `x-user` is taken for the name of a user. */
export async function edgeMounted(t: TestContext, options: CreateMcpHandlerOptions = {}): Promise<EdgeServing> {
  const edge = new EdgeServer(t);
  const handler = createMcpHandler(edge.mcp, options);
  const server = createServer((request, response) => {
    handler.node(Object.assign(request, { auth: authOf(request) }), response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.close();
    server.closeAllConnections();
    await handler.close();
  });
  const { port } = server.address() as AddressInfo;
  return { edge, url: `http://127.0.0.1:${port}/mcp`, port, close: () => handler.close() };
}

function authOf({ headers }: IncomingMessage): object | undefined {
  const user = headers['x-user'];
  return user === undefined ? undefined : { token: `of ${user}`, clientId: 'app', scopes: [], extra: { sub: user } };
}

type Headers = Readonly<Record<string, string>>;

/** A call of a tool in the modern era. */
export function call(name: string, headers: Headers = {}, id: string | number = 1): Prepared {
  return modern('tools/call', { name, arguments: {} }, { headers, id });
}

/** A call of a tool in the 2025 era. */
export function legacyCall(name: string, headers: Headers = {}, id: string | number = 1): Prepared {
  return legacy('tools/call', { name, arguments: {} }, { headers, id });
}

/** A batch of 2025-03-26. */
export function batch(messages: readonly Prepared[], headers: Headers = {}): Prepared {
  const { headers: common } = legacy('ping', undefined, { version: '2025-03-26', headers });
  return { headers: common, body: `[${messages.map(({ body }) => body).join()}]` };
}

/** Sends it; the status of the answer. */
export async function statusOf(url: string, prepared: Prepared): Promise<number> {
  const response = await send(url, prepared);
  await response.arrayBuffer();
  return response.status;
}

export interface Refusal {
  readonly status: number;
  readonly id: unknown;
  readonly rpcCode: number | undefined;
  readonly code: unknown;
  /** Seconds; undefined where the answer does not say. */
  readonly retryAfter: number | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What an answer refuses, which has to be JSON-RPC. */
export async function refusalIn(response: Response): Promise<Refusal> {
  assert.equal(response.headers.get('content-type'), 'application/json');
  const { jsonrpc, id, error } = (await response.json()) as JsonRpcAnswer;
  assert.equal(jsonrpc, '2.0');
  const retryAfter = response.headers.get('retry-after');
  if (retryAfter !== null) assert.match(retryAfter, /^[1-9]\d*$/);
  const data = error?.data ?? {};
  return {
    status: response.status,
    id,
    rpcCode: error?.code,
    code: data['code'],
    retryAfter: retryAfter === null ? undefined : Number(retryAfter),
    data,
  };
}

/** Sends what has to be refused. */
export async function refused(url: string, prepared: Prepared): Promise<Refusal> {
  return refusalIn(await send(url, prepared));
}
