/** The same server with the official SDK v1, as its guide has it: a server and a transport for each session. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { completable } from '@modelcontextprotocol/sdk/server/completable.js';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';
import { CITIES, INFO, INSTRUCTIONS } from './contract-server.ts';

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });
let cancelled = 0;

export function buildV1(): McpServer {
  const server = new McpServer(INFO, { instructions: INSTRUCTIONS });
  server.registerTool('echo', { inputSchema: { text: z.string() } }, async ({ text: said }) => text(said));
  server.registerTool(
    'sum',
    { inputSchema: { numbers: z.array(z.number()) }, outputSchema: { total: z.number() } },
    async ({ numbers }) => {
      const total = numbers.reduce((sum, number) => sum + number, 0);
      return { ...text(`${total}`), structuredContent: { total } };
    },
  );
  server.registerTool('fails', {}, async () => ({ ...text('There is no such city'), isError: true }));
  server.registerTool('climbs', {}, async extra => {
    const progressToken = extra._meta?.progressToken;
    for (let progress = 1; progressToken !== undefined && progress <= 3; progress++) {
      const params = { progressToken, progress, total: 3, message: `step ${progress}` };
      await extra.sendNotification({ method: 'notifications/progress', params });
      await sleep(10);
    }
    return text('up');
  });
  server.registerTool('wait', {}, async ({ signal }) => {
    if (!signal.aborted) await once(signal, 'abort');
    cancelled++;
    return text('cancelled');
  });
  server.registerTool('cancelled', {}, async () => text(String(cancelled)));
  server.registerTool('ship', { inputSchema: { item: z.string() } }, async ({ item }, extra) => {
    const requestedSchema = {
      type: 'object' as const,
      properties: { city: { type: 'string' as const } },
      required: ['city'],
    };
    const asked = { message: `Where to with ${item}?`, requestedSchema };
    const { action, content } = await server.server.elicitInput(asked, { relatedRequestId: extra.requestId });
    return text(action === 'accept' ? `${item} to ${content?.['city']} (asked about ${item})` : `${item} to nowhere`);
  });
  server.registerResource('motd', 'note://motd', { mimeType: 'text/plain' }, async uri => ({
    contents: [{ uri: uri.href, text: 'Hello' }],
  }));
  const template = new ResourceTemplate('city://{name}', {
    list: undefined,
    complete: { name: value => CITIES.filter(city => city.startsWith(value)) },
  });
  server.registerResource('city', template, {}, async (uri, { name }) => ({
    contents: [{ uri: uri.href, text: `About ${name}` }],
  }));
  const City = completable(z.string(), value => CITIES.filter(city => city.startsWith(value ?? '')));
  server.registerPrompt('visit', { argsSchema: { city: City } }, async ({ city }) => ({
    messages: [{ role: 'user' as const, content: { type: 'text' as const, text: `Plan a visit to ${city}` } }],
  }));
  return server;
}

/** Its HTTP server, not listening yet, and how many sessions are open. */
export function httpV1(): { http: Server; sessions: ReadonlyMap<string, unknown> } {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const http = createServer(async (request, response) => {
    const id = request.headers['mcp-session-id'];
    let transport = typeof id === 'string' ? sessions.get(id) : undefined;
    if (transport === undefined && id !== undefined) {
      response.writeHead(404).end();
      return;
    }
    if (transport === undefined) {
      const fresh = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: session => void sessions.set(session, fresh),
        onsessionclosed: session => void sessions.delete(session),
      });
      transport = fresh;
      await buildV1().connect(fresh as never);
    }
    await transport.handleRequest(request, response);
  });
  return { http, sessions };
}
