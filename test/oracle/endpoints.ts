import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import * as sdk from '@modelcontextprotocol/server';
import * as slipway from 'slipway';
import type { ServerName } from './exchange.ts';
import { buildBare, buildFull, type Library, type OracleServer } from './servers.ts';

/** One library behind real sockets: a base URL for each server, and how to stop them all. */
export interface Endpoints {
  readonly urls: Readonly<Record<ServerName, string>>;
  close(): Promise<void>;
}

/** The official SDK: a factory per server, its handler behind its own Node adapter. */
export async function sdkEndpoints(): Promise<Endpoints> {
  const full = await sdkEndpoint(sdk.createMcpHandler(() => buildFull(sdk)));
  const bare = await sdkEndpoint(sdk.createMcpHandler(() => buildBare(sdk)));
  const modernOnly = await sdkEndpoint(sdk.createMcpHandler(() => buildFull(sdk), { legacy: 'reject' }));
  return {
    urls: { full: full.url, bare: bare.url, 'modern-only': modernOnly.url },
    close: async () => {
      for (const endpoint of [full, bare, modernOnly]) await endpoint.close();
    },
  };
}

/** Slipway: the same servers, two of them by `serve` and one as a handler in a server of its own. */
export async function slipwayEndpoints(): Promise<Endpoints> {
  // The SDK's handler has no sessions: both sides are compared without.
  const options = { port: 0, host: '127.0.0.1', sessions: 'off' } as const;
  const full = await slipway.serve(withSlipway(buildFull), options);
  const bare = await slipway.serve(withSlipway(buildBare), options);
  const handler = slipway.createMcpHandler(withSlipway(buildFull), { legacy: 'reject' });
  const server = createServer(slipway.toNodeHandler(handler));
  const modernOnly = await listening(server);
  return {
    urls: { full: full.url, bare: bare.url, 'modern-only': modernOnly },
    close: async () => {
      await full.close();
      await bare.close();
      await handler.close();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

async function sdkEndpoint(handler: sdk.McpHttpHandler): Promise<{ url: string; close(): Promise<void> }> {
  const handle = toNodeHandler(handler);
  const server = createServer((request, response) => void handle(request, response));
  const url = await listening(server);
  return {
    url,
    close: async () => {
      await handler.close();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

function listening(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

/** The shared definition built with Slipway, whose classes are its own: the types of the two meet here only. */
function withSlipway(build: (library: Library) => OracleServer): slipway.McpServer {
  return build(slipway as unknown as Library) as unknown as slipway.McpServer;
}
