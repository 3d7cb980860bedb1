import { z } from 'zod';
import { registerRoundTrips, type StateCodec } from './server-round-trips.ts';
import { AUTHORED, ICON, type Library, type OracleServer } from './servers.ts';

const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';
const PIXEL = 'iVBORw0KGgo=';

/** Tools whose results cover the content types, structured output and the ways in which a call fails. */
export function registerTools(server: OracleServer, library: Library, codec: StateCodec): void {
  server.registerTool(
    'echo',
    {
      title: 'Echo',
      description: 'Returns its text.',
      inputSchema: z.object({ text: z.string().describe('What to return'), times: z.number().int().min(1).optional() }),
      annotations: { readOnlyHint: true, idempotentHint: true },
      _meta: { 'acme.example/kind': 'echo' },
    },
    ({ text, times }) => ({ content: [{ type: 'text', text: text.repeat(times ?? 1) }] }),
  );
  server.registerTool('plain', { description: 'Takes no arguments.', icons: [ICON] }, () => ({
    content: [{ type: 'text', text: `${AUTHORED} plain` }],
    _meta: { 'acme.example/trace': 'abc' },
  }));
  server.registerTool('media', { description: 'One of each content type.' }, () => ({
    content: [
      { type: 'text', text: 'grüße 👋', annotations: { audience: ['user'], priority: 0.5 } },
      { type: 'image', data: PIXEL, mimeType: 'image/png' },
      { type: 'audio', data: PIXEL, mimeType: 'audio/wav' },
      { type: 'resource', resource: { uri: 'config://app', mimeType: 'text/plain', text: 'embedded' } },
      { type: 'resource_link', uri: 'config://app', name: 'app', mimeType: 'text/plain' },
    ],
  }));
  server.registerTool(
    'headed',
    {
      inputSchema: z.object({
        region: z.string().optional().meta({ 'x-mcp-header': 'Region' }),
        count: z.number().int().optional().meta({ 'x-mcp-header': 'Count' }),
        flag: z.boolean().optional().meta({ 'x-mcp-header': 'Flag' }),
        nested: z.object({ zone: z.string().meta({ 'x-mcp-header': 'Zone' }) }).optional(),
      }),
    },
    args => ({ content: [{ type: 'text', text: JSON.stringify(args) }] }),
  );
  server
    .registerTool('disabled', { description: 'Never listed.' }, () => ({ content: [{ type: 'text', text: 'no' }] }))
    .disable();
  server.registerTool('seen', { description: 'What the handler sees of the request.' }, ctx => ({
    content: [
      {
        type: 'text',
        text: JSON.stringify({
          id: ctx.mcpReq.id,
          method: ctx.mcpReq.method,
          meta: ctx.mcpReq._meta?.['acme.example/trace'] ?? null,
          version: new Map(Object.entries(ctx.mcpReq.envelope ?? {})).get(VERSION_KEY) ?? null,
          session: ctx.sessionId ?? null,
        }),
      },
    ],
  }));
  registerStructured(server);
  registerFailing(server, library);
  registerNotifying(server);
  registerRoundTrips(server, library, codec);
}

function registerStructured(server: OracleServer): void {
  server.registerTool(
    'add',
    { inputSchema: z.object({ a: z.number(), b: z.number() }), outputSchema: z.object({ sum: z.number() }) },
    ({ a, b }) => ({ content: [{ type: 'text', text: String(a + b) }], structuredContent: { sum: a + b } }),
  );
  server.registerTool('only-structured', { outputSchema: z.object({ ok: z.boolean() }) }, () => ({
    content: [],
    structuredContent: { ok: true },
  }));
  server.registerTool('list-output', { outputSchema: z.array(z.number()) }, () => ({
    content: [],
    structuredContent: [1, 2, 3],
  }));
  server.registerTool('zero-output', { outputSchema: z.number() }, () => ({ content: [], structuredContent: 0 }));
  server.registerTool('wrong-output', { outputSchema: z.object({ n: z.number() }) }, () => ({
    content: [],
    structuredContent: { n: 'not a number' },
  }));
  server.registerTool('missing-output', { outputSchema: z.object({ n: z.number() }) }, () => ({
    content: [{ type: 'text', text: 'nothing structured' }],
  }));
  server.registerTool('failed-output', { outputSchema: z.object({ n: z.number() }) }, () => ({
    content: [{ type: 'text', text: `${AUTHORED} failed before there was output` }],
    isError: true,
  }));
}

function registerFailing(server: OracleServer, library: Library): void {
  server.registerTool('fails', {}, () => ({
    content: [{ type: 'text', text: `${AUTHORED} the request was refused` }],
    isError: true,
  }));
  server.registerTool('throws', {}, () => {
    throw new Error(`${AUTHORED} a detail that only the operator should read`);
  });
  server.registerTool('throws-string', {}, () => {
    throw `${AUTHORED} a thrown string`;
  });
  server.registerTool('throws-protocol', {}, () => {
    throw new library.ProtocolError(-32602, `${AUTHORED} refused by the handler`, { field: 'x' });
  });
}

function registerNotifying(server: OracleServer): void {
  server.registerTool('progress', { description: 'Reports progress when asked to.' }, async ctx => {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    if (progressToken !== undefined) {
      for (const progress of [1, 2]) {
        await ctx.mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken, progress, total: 2, message: `${AUTHORED} step ${progress}` },
        });
      }
    }
    return { content: [{ type: 'text', text: 'done' }] };
  });
  server.registerTool('logs', { description: 'Logs at two levels.' }, async ctx => {
    await ctx.mcpReq.log('debug', `${AUTHORED} a detail`, 'oracle');
    await ctx.mcpReq.log('error', { code: 7 }, 'oracle');
    return { content: [{ type: 'text', text: 'logged' }] };
  });
}
