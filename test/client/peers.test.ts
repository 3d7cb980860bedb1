// Servers of other makers, each in a process of its own, and transports of the official SDK under our client.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { StreamableHTTPClientTransport as SdkHttpTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport as SdkStdioTransport } from '@modelcontextprotocol/client/stdio';
import { McpServer, silentLogger } from 'slipway';
import { Client } from '../../src/client/client.ts';
import { StreamableHTTPClientTransport } from '../../src/client/streamable-http-client-transport.ts';
import type { CallToolResult } from '../../src/protocol/tool.ts';
import type { Transport } from '../../src/server/transport.ts';
import { CommandProcess, SLIPWAY } from '../cli/command-process.ts';
import { eventually, serving } from '../support/serving.ts';
import { clientFor } from './scripted-server.ts';

const PEERS = resolve(import.meta.dirname, '../../peers');
const textOf = ({ content }: CallToolResult): string => (content[0] as { text: string }).text;

/** A port that was free a moment ago: these servers take none that they pick themselves. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  await new Promise(closed => probe.close(closed));
  return port;
}

async function connecting(url: string): Promise<Client | undefined> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  try {
    await client.connect(new StreamableHTTPClientTransport(url));
    return client;
  } catch (error) {
    // It does not listen yet.
    if ((error as { code?: string }).code === 'SLIP_SERVER_UNREACHABLE') return undefined;
    throw error;
  }
}

describe('servers of other makers', { concurrency: 2 }, () => {
  const ERAS = { 'official-sdk-v2': 'modern', tmcp: 'modern', fastmcp: 'legacy', 'mcp-handler': 'modern' } as const;
  for (const [name, era] of Object.entries(ERAS)) {
    test(`${name} is spoken to in the ${era} era`, async t => {
      const port = await freePort();
      await using peer = new CommandProcess([process.execPath, resolve(PEERS, `${name}.ts`), String(port)]);
      let client: Client | undefined;
      for (let tries = 0; client === undefined && tries < 200; tries++) {
        client = await connecting(`http://127.0.0.1:${port}/mcp`);
        if (client === undefined) await new Promise(soon => setTimeout(soon, 50));
      }
      assert.ok(client, `it does not listen: ${peer.stderr}`);
      t.after(() => client.close());
      assert.equal(client.getProtocolEra(), era);
      assert.equal((await client.listTools()).tools.length, 20);
      assert.equal(textOf(await client.callTool({ name: 'hello', arguments: { name: 'Ada' } })), 'Hello, Ada!');
    });
  }
});

describe('transports of the official SDK', () => {
  for (const protocolVersion of ['2026-07-28', '2025-11-25']) {
    test(`over HTTP, ${protocolVersion}`, async t => {
      const server = new McpServer({ name: 'a', version: '1.0.0' }, { logger: silentLogger });
      server.registerTool('hello', {}, () => 'Hello!');
      const { url } = await serving(t, server, { responseMode: 'sse' });
      const client = clientFor(t, { protocolVersion });
      await client.connect(new SdkHttpTransport(new URL(url)) as unknown as Transport);
      assert.equal(textOf(await client.callTool({ name: 'hello' })), 'Hello!');
    });

    test(`over stdio, ${protocolVersion}`, async t => {
      const [command, ...args] = [...SLIPWAY, 'start', '--stdio', 'examples/hello/server.ts'];
      const client = clientFor(t, { protocolVersion });
      const transport = new SdkStdioTransport({ command: command!, args, stderr: 'ignore' });
      await client.connect(transport as unknown as Transport);
      assert.match(textOf(await client.callTool({ name: 'hello', arguments: { name: 'Ada' } })), /^Hello, Ada!/);
      await client.close();
      await eventually(() => transport.pid === null || transport.pid === undefined);
    });
  }
});
