/** Servers that do exactly what a test says, also what no server should. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { Client } from '../../src/client/client.ts';
import type { ClientOptions } from '../../src/client/client-options.ts';
import {
  StreamableHTTPClientTransport,
  type StreamableHTTPClientTransportOptions,
} from '../../src/client/streamable-http-client-transport.ts';
import type { JSONRPCMessage } from '../../src/protocol/json-rpc.ts';
import type { Transport } from '../../src/server/transport.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
export type Message = any;

export interface Received {
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly message: Message;
}

export type HttpScript = (received: Received, response: ServerResponse, request: IncomingMessage) => void;

export interface HttpServer {
  readonly url: string;
  /** What has arrived, in its order. */
  readonly received: Received[];
}

/** A server over HTTP; ended with the test. */
export async function scriptedHttp(t: TestContext, script: HttpScript): Promise<HttpServer> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const message = body === '' ? undefined : (JSON.parse(body) as Message);
    const arrived = { method: request.method ?? '', headers: request.headers, message };
    received.push(arrived);
    script(arrived, response, request);
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, received };
}

export function json(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export const result = (message: Message, value: object): object => ({ jsonrpc: '2.0', id: message.id, result: value });

export const failure = (message: Message, code: number, text: string, data?: unknown): object => ({
  jsonrpc: '2.0',
  id: message.id,
  error: { code, message: text, ...(data !== undefined && { data }) },
});

export const DISCOVERED = {
  resultType: 'complete',
  supportedVersions: ['2026-07-28'],
  capabilities: { tools: {}, prompts: {}, resources: {} },
  _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'scripted', version: '1.0.0' } },
};

export const INITIALIZED = {
  protocolVersion: '2025-11-25',
  capabilities: { tools: {}, prompts: {}, resources: {} },
  serverInfo: { name: 'scripted', version: '1.0.0' },
};

/** Answers the negotiation in the modern era, and leaves the rest to the script. */
export const modern =
  (script: HttpScript): HttpScript =>
  (received, response, request) =>
    received.message?.method === 'server/discover'
      ? json(response, result(received.message, DISCOVERED))
      : script(received, response, request);

/** The same in the older era, with a session. */
export const legacy =
  (script: HttpScript, session = 'session-1'): HttpScript =>
  (received, response, request) => {
    const { message } = received;
    if (message?.method === 'server/discover') return json(response, failure(message, -32601, 'Method not found'));
    if (message?.method === 'initialize') {
      return json(response, result(message, INITIALIZED), 200, { 'mcp-session-id': session });
    }
    if (message?.method === 'notifications/initialized') return void response.writeHead(202).end();
    script(received, response, request);
  };

export function clientFor(t: TestContext, options: ClientOptions = {}): Client {
  const client = new Client({ name: 'test', version: '1.0.0' }, options);
  t.after(() => client.close());
  return client;
}

/** A client that is connected to such a server. */
export async function connectedTo(
  t: TestContext,
  script: HttpScript,
  options: ClientOptions = {},
  transport: StreamableHTTPClientTransportOptions = {},
): Promise<HttpServer & { client: Client }> {
  const server = await scriptedHttp(t, script);
  const client = clientFor(t, options);
  await client.connect(new StreamableHTTPClientTransport(server.url, transport));
  return { ...server, client };
}

/** A server over messages: what the function returns is sent, one after the other. */
export class ScriptedTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly received: Message[] = [];
  readonly #script: (message: Message) => readonly Message[];

  constructor(script: (message: Message) => readonly Message[]) {
    this.#script = script;
  }

  async start(): Promise<void> {}

  async send(message: JSONRPCMessage): Promise<void> {
    this.received.push(message);
    for (const answer of this.#script(message)) queueMicrotask(() => this.onmessage?.(answer));
  }

  /** Sends what nobody asked for. */
  push(message: Message): void {
    this.onmessage?.(message);
  }

  async close(): Promise<void> {
    this.onclose?.();
  }
}
