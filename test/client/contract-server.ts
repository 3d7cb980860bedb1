/** A server with everything that a client can reach, written once and built with Slipway and with the official SDK v2. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as Sdk from '@modelcontextprotocol/server';
import { z } from 'zod';

/** The part of the authoring API that this server uses, as the official SDK types it. */
export type Library = Pick<
  typeof Sdk,
  'McpServer' | 'ResourceTemplate' | 'completable' | 'inputRequired' | 'acceptedContent'
>;

export type ContractServer = InstanceType<Library['McpServer']>;

export const CITIES = ['Lisbon', 'Lima', 'London', 'Oslo'];
export const INFO = { name: 'contract', version: '1.2.3' };
export const INSTRUCTIONS = 'Ask away.';

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });
const Place = z.object({ city: z.string() });

function registerTools(server: ContractServer, { inputRequired, acceptedContent }: Library): void {
  server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text: said }) => text(said));
  server.registerTool(
    'sum',
    { inputSchema: z.object({ numbers: z.array(z.number()) }), outputSchema: z.object({ total: z.number() }) },
    ({ numbers }) => {
      const total = numbers.reduce((sum, number) => sum + number, 0);
      return { ...text(`${total}`), structuredContent: { total } };
    },
  );
  server.registerTool('fails', {}, () => ({ ...text('There is no such city'), isError: true }));
  server.registerTool('climbs', {}, async ctx => {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    for (let progress = 1; progressToken !== undefined && progress <= 3; progress++) {
      const params = { progressToken, progress, total: 3, message: `step ${progress}` };
      await ctx.mcpReq.notify({ method: 'notifications/progress', params });
      // The rate of progress notifications is limited.
      await sleep(60);
    }
    return text('up');
  });
  let cancelled = 0;
  server.registerTool('wait', {}, async ctx => {
    if (!ctx.mcpReq.signal.aborted) await once(ctx.mcpReq.signal, 'abort');
    cancelled++;
    return text('cancelled');
  });
  server.registerTool('cancelled', {}, () => text(String(cancelled)));
  server.registerTool('ship', { inputSchema: z.object({ item: z.string() }) }, ({ item }, ctx) => {
    const answers = ctx.mcpReq.inputResponses;
    const place = acceptedContent(answers, 'place', Place);
    if (place !== undefined) return text(`${item} to ${place.city} (${ctx.mcpReq.requestState()})`);
    if (answers !== undefined) return text(`${item} to nowhere`);
    const requestedSchema = {
      type: 'object' as const,
      properties: { city: { type: 'string' as const } },
      required: ['city'],
    };
    const question = inputRequired.elicit({ message: `Where to with ${item}?`, requestedSchema });
    return inputRequired({ inputRequests: { place: question }, requestState: `asked about ${item}` });
  });
}

/** @param options what Slipway takes beside those of the official SDK */
export function build(library: Library, options: object = {}): ContractServer {
  const { McpServer, ResourceTemplate, completable } = library;
  const server = new McpServer(INFO, { instructions: INSTRUCTIONS, ...options });
  registerTools(server, library);
  server.registerResource('motd', 'note://motd', { mimeType: 'text/plain' }, uri => ({
    contents: [{ uri: uri.href, text: 'Hello' }],
  }));
  const template = new ResourceTemplate('city://{name}', {
    list: undefined,
    complete: { name: value => CITIES.filter(city => city.startsWith(value)) },
  });
  server.registerResource('city', template, {}, (uri, { name }) => ({
    contents: [{ uri: uri.href, text: `About ${name}` }],
  }));
  const City = completable(z.string(), value => CITIES.filter(city => city.startsWith(value ?? '')));
  server.registerPrompt('visit', { argsSchema: z.object({ city: City }) }, ({ city }) => ({
    messages: [{ role: 'user' as const, content: { type: 'text' as const, text: `Plan a visit to ${city}` } }],
  }));
  return server;
}
