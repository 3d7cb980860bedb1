/** Weather for a few cities: tools with every documented option, behind the loopback guards of node:http. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  hostHeaderValidation,
  localhostHostValidation,
  localhostOriginValidation,
  originValidation,
  toNodeHandler,
} from 'slipway';
import {
  type CallToolResult,
  createMcpHandler,
  getDisplayName,
  type Icon,
  type Implementation,
  McpServer,
  type McpServerOptions,
  ProtocolError,
  ProtocolErrorCode,
  type ToolAnnotations,
  type ToolCallback,
} from 'slipway';
import * as z from 'zod';

const icon: Icon = { src: 'https://weather.example/icon.png', mimeType: 'image/png', sizes: ['48x48'], theme: 'light' };

const info: Implementation = {
  name: 'weather',
  version: '2.1.0',
  title: 'Weather service',
  description: 'Current conditions and forecasts',
  websiteUrl: 'https://weather.example',
  icons: [icon],
};

const options: McpServerOptions = {
  instructions: 'Call list-cities before asking for a forecast.',
  capabilities: { tools: { listChanged: false } },
  cacheHints: {
    'tools/list': { ttlMs: 60_000, cacheScope: 'public' },
    'server/discover': { ttlMs: 5_000 },
  },
  maxToolInputElements: 40,
};

const conditions = new Map([
  ['Oslo', { celsius: -4.5, sky: 'snow' }],
  ['Lima', { celsius: 19, sky: 'clouds' }],
]);

const readOnly: ToolAnnotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true };

const CityInput = z.object({
  city: z.string().min(1).describe('Name of a city'),
  units: z.enum(['metric', 'imperial']).default('metric').describe('Units of the answer'),
});

const current: ToolCallback<typeof CityInput> = async ({ city, units }) => {
  const found = conditions.get(city);
  if (found === undefined) {
    return { content: [{ type: 'text', text: `No data for ${city}. Known: Oslo, Lima` }], isError: true };
  }
  const degrees = units === 'metric' ? found.celsius : found.celsius * 1.8 + 32;
  const report = { city, degrees, sky: found.sky };
  return {
    content: [{ type: 'text', text: `${city}: ${degrees} degrees, ${found.sky}` }],
    structuredContent: report,
    _meta: { 'weather.example/station': 'roof' },
  };
};

function build(): McpServer {
  const server = new McpServer(info, options);

  server.registerTool(
    'current',
    {
      title: 'Current conditions',
      description: 'Temperature and sky of one city',
      inputSchema: CityInput,
      outputSchema: z.object({ city: z.string(), degrees: z.number(), sky: z.string() }),
      annotations: { ...readOnly, title: 'Conditions', openWorldHint: true },
      icons: [icon],
      _meta: { 'weather.example/cost': 1 },
    },
    current,
  );

  server.registerTool('list-cities', { description: 'Every known city', annotations: readOnly }, async ctx => ({
    content: [{ type: 'text', text: `${[...conditions.keys()].join(', ')} (${ctx.mcpReq.method})` }],
  }));

  // The raw-shape form, still accepted.
  server.registerTool(
    'compare',
    {
      description: 'Difference between two cities',
      inputSchema: { first: z.string(), second: z.string() },
      outputSchema: { difference: z.number() },
    },
    ({ first, second }) => {
      const [a, b] = [conditions.get(first), conditions.get(second)];
      if (a === undefined || b === undefined) throw new Error('weather-db-7 has no such row');
      const difference = a.celsius - b.celsius;
      return { content: [], structuredContent: { difference } };
    },
  );

  server.registerTool(
    'station-report',
    { description: 'A report that misses its own schema', outputSchema: z.object({ ok: z.boolean() }) },
    async (): Promise<CallToolResult> => ({
      content: [{ type: 'text', text: 'broken' }],
      structuredContent: { ok: 'no' },
    }),
  );

  server.registerTool(
    'station-silence',
    { description: 'A report without structured content', outputSchema: z.object({ ok: z.boolean() }) },
    async () => ({ content: [{ type: 'text', text: 'nothing structured' }] }),
  );

  server.registerTool('refuse', { description: 'Refuses with a protocol error' }, () => {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'This tool refuses', { why: 'season' });
  });

  server.registerTool('batch', { inputSchema: z.object({ values: z.array(z.number()) }) }, async ({ values }) => ({
    content: [{ type: 'text', text: `${values.length} values` }],
  }));

  server.registerTool('names', {}, () => ({
    content: [
      { type: 'text', text: getDisplayName({ name: 'plain' }) },
      { type: 'text', text: getDisplayName({ name: 'tool', annotations: { title: 'Annotated' } }) },
      { type: 'text', text: getDisplayName({ name: 'tool', title: 'Titled', annotations: { title: 'Annotated' } }) },
    ],
  }));

  return server;
}

export const handler = createMcpHandler(build);

const serve = toNodeHandler(handler);
const loopbackHost = localhostHostValidation();
const loopbackOrigin = localhostOriginValidation();
const publicHost = hostHeaderValidation(['weather.example']);
const publicOrigin = originValidation(['app.weather.example', 'moz-extension://*']);

/** `/public` is guarded for the public names, every other path for the loopback names. */
export function listener(request: IncomingMessage, response: ServerResponse): void {
  const isPublic = request.url === '/public';
  if (!(isPublic ? publicHost : loopbackHost)(request, response)) return;
  if (!(isPublic ? publicOrigin : loopbackOrigin)(request, response)) return;
  void serve(request, response);
}
