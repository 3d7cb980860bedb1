import { once } from 'node:events';
import {
  acceptedContent,
  completable,
  inputRequired,
  McpServer,
  ResourceTemplate,
  silentLogger,
  ToolError,
} from 'slipway';
import { z } from 'zod';

const CITIES = ['Lisbon', 'Lima', 'London', 'Oslo'];

/** A server that uses everything an official client can reach. */
export class ClientServer {
  readonly mcp = new McpServer(
    { name: 'for-clients', version: '1.2.3', title: 'For clients' },
    {
      capabilities: { logging: {}, resources: { subscribe: true } },
      instructions: 'Ask away.',
      pageSize: 4,
      logger: silentLogger,
    },
  );
  /** Calls of `wait` that have begun, and those that were cancelled. */
  waiting = 0;
  cancelled = 0;

  constructor() {
    this.#tools();
    this.#asking();
    this.#rest();
  }

  #tools(): void {
    const { mcp } = this;
    mcp.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => text);
    mcp.registerTool(
      'sum',
      {
        inputSchema: z.object({ numbers: z.array(z.number()) }),
        outputSchema: z.object({ total: z.number() }),
        annotations: { readOnlyHint: true },
      },
      ({ numbers }) => ({ total: numbers.reduce((sum, number) => sum + number, 0) }),
    );
    mcp.registerTool('list', { outputSchema: z.array(z.string()), allow: ['SLIP_SCHEMA_NOT_OBJECT'] }, () => CITIES);
    mcp.registerTool('plain-list', {}, () => [1, 2, 3]);
    mcp.registerTool('picture', {}, () => ({
      content: [{ type: 'image' as const, data: 'AAAA', mimeType: 'image/png' }],
    }));
    mcp.registerTool('fails', {}, () => {
      throw new ToolError('There is no such city');
    });
    mcp.registerTool('breaks', {}, () => {
      throw new Error('password=hunter2');
    });
    mcp.registerTool('climbs', {}, async ctx => {
      for (let step = 1; step <= 3; step++) {
        await ctx.mcpReq.progress(step, 3, `step ${step}`);
        // The rate of progress notifications is limited.
        await new Promise(resolve => setTimeout(resolve, 60));
      }
      return 'up';
    });
    mcp.registerTool('logs', {}, async ctx => {
      await ctx.mcpReq.log('debug', 'a detail');
      await ctx.mcpReq.log('warning', 'a warning');
      return 'logged';
    });
    mcp.registerTool('wait', {}, async ctx => {
      const { signal } = ctx.mcpReq;
      this.waiting++;
      if (!signal.aborted) await once(signal, 'abort');
      this.cancelled++;
      return 'cancelled';
    });
  }

  #asking(): void {
    const Place = z.object({ city: z.string() });
    this.mcp.registerTool('ship', { inputSchema: z.object({ item: z.string() }) }, ({ item }, ctx) => {
      const answers = ctx.mcpReq.inputResponses;
      const place = acceptedContent(answers, 'place', Place);
      if (place !== undefined) return `${item} to ${place.city} (${ctx.mcpReq.requestState()})`;
      if (answers !== undefined) return `${item} to nowhere`;
      const question = inputRequired.elicit({ message: `Where to with ${item}?`, requestedSchema: Place });
      return inputRequired({ inputRequests: { place: question }, requestState: `asked about ${item}` });
    });
  }

  #rest(): void {
    const { mcp } = this;
    mcp.registerResource('motd', 'note://motd', { mimeType: 'text/plain' }, uri => ({
      contents: [{ uri: uri.href, text: 'Hello' }],
    }));
    const template = new ResourceTemplate('city://{name}', {
      list: undefined,
      complete: { name: value => CITIES.filter(city => city.startsWith(value)) },
    });
    mcp.registerResource('city', template, {}, (uri, { name }) => ({
      contents: [{ uri: uri.href, text: `About ${name}` }],
    }));
    const City = completable(z.string(), value => CITIES.filter(city => city.startsWith(value ?? '')));
    mcp.registerPrompt('visit', { argsSchema: z.object({ city: City }) }, ({ city }) => ({
      messages: [{ role: 'user' as const, content: { type: 'text' as const, text: `Plan a visit to ${city}` } }],
    }));
  }
}
