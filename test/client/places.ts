/** Where the contract's server is found: over each transport, in each era, of each maker. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { toNodeHandler } from '@modelcontextprotocol/node';
import * as sdk from '@modelcontextprotocol/server';
import * as slipway from 'slipway';
import { Client } from '../../src/client/client.ts';
import type { ClientOptions } from '../../src/client/client-options.ts';
import { StdioClientTransport } from '../../src/client/stdio-client-transport.ts';
import { StreamableHTTPClientTransport } from '../../src/client/streamable-http-client-transport.ts';
import { serveInMemory } from '../../src/host/serve-in-memory.ts';
import type { Transport } from '../../src/server/transport.ts';
import { build } from './contract-server.ts';
import { httpV1 } from './contract-server-v1.ts';

/** What has to be called at the end. */
export type Closing = (() => unknown)[];

export interface Place {
  readonly name: string;
  /** What the client is told to speak. */
  readonly ask: string;
  /** What it speaks then. */
  readonly revision: string;
  /** Whether the server can ask back: a stateless server of the older era can not. */
  readonly asks: boolean;
  reach(closing: Closing): Promise<Transport>;
}

const PROGRAM = resolve(import.meta.dirname, 'fixtures/stdio-server.ts');

/** Several pages in each list. */
const ours = () =>
  build(slipway as never, { pageSize: 3, logger: slipway.silentLogger }) as unknown as slipway.McpServer;

async function memory(closing: Closing): Promise<Transport> {
  const { transport, close } = await serveInMemory(ours());
  closing.push(close);
  return transport;
}

async function overHttp(closing: Closing, options: slipway.ServeOptions): Promise<Transport> {
  const { url, close } = await slipway.serve(ours(), { port: 0, ...options });
  closing.push(() => close({ graceMs: 0 }));
  return new StreamableHTTPClientTransport(url);
}

const http: Place['reach'] = closing => overHttp(closing, {});
const streams: Place['reach'] = closing => overHttp(closing, { responseMode: 'sse' });

async function listening(closing: Closing, server: ReturnType<typeof createServer>): Promise<Transport> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return new StreamableHTTPClientTransport(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
}

function httpV2(closing: Closing): Promise<Transport> {
  // A server per request, as its guide has it; what it counts is kept beside it.
  const handler = toNodeHandler(sdk.createMcpHandler(() => build(sdk)));
  return listening(
    closing,
    createServer((request, response) => void handler(request, response)),
  );
}

const stdio = (which: string) => async (): Promise<Transport> =>
  new StdioClientTransport({ command: process.execPath, args: ['--conditions=@slipway/source', PROGRAM, which] });

const place = (name: string, reach: Place['reach'], ask: string, revision: string, asks = true): Place => ({
  name: `${name}, ${ask === 'auto' ? `auto (${revision})` : revision}`,
  ask,
  revision,
  asks,
  reach,
});

const MODERN = '2026-07-28';
const LEGACY = '2025-11-25';

export const PLACES: readonly Place[] = [
  place('Slipway in memory', memory, 'auto', MODERN),
  place('Slipway in memory', memory, LEGACY, LEGACY),
  place('Slipway over HTTP', http, 'auto', MODERN),
  place('Slipway over HTTP', http, LEGACY, LEGACY),
  place('Slipway over HTTP', http, '2025-06-18', '2025-06-18'),
  place('Slipway over HTTP, as streams', streams, MODERN, MODERN),
  place('Slipway over HTTP, as streams', streams, LEGACY, LEGACY),
  place('Slipway over stdio', stdio('slipway'), 'auto', MODERN),
  place('Slipway over stdio', stdio('slipway'), LEGACY, LEGACY),
  place('official SDK v2 over HTTP', httpV2, 'auto', MODERN),
  place('official SDK v2 over HTTP', httpV2, LEGACY, LEGACY, false),
  place('official SDK v2 over stdio', stdio('v2'), 'auto', MODERN),
  place('official SDK v2 over stdio', stdio('v2'), LEGACY, LEGACY),
  place('official SDK v1 over HTTP', closing => listening(closing, httpV1().http), 'auto', LEGACY),
  place('official SDK v1 over stdio', stdio('v1'), 'auto', LEGACY),
];

/** A connected client. What is to be done at the end, in reverse order, is added to `closing`. */
export async function clientAt(place: Place, closing: Closing, options: ClientOptions = {}): Promise<Client> {
  const client = new Client({ name: 'contract-client', version: '1.0.0' }, { protocolVersion: place.ask, ...options });
  const transport = await place.reach(closing);
  closing.push(() => client.close());
  await client.connect(transport);
  return client;
}
