/** Long jobs over an archive: progress, log messages, cancellation, and what arrives when nobody asked for them. */

import {
  createMcpHandler,
  DEFAULT_REQUEST_TIMEOUT_MSEC,
  LOG_LEVEL_META_KEY,
  type LoggingLevel,
  McpServer,
  type ServerContext,
  type Transport,
} from 'slipway';
import * as z from 'zod';

const scans = { started: 0, stopped: 0, finished: 0 };
const errors: string[] = [];

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>(resolve => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function progress(ctx: ServerContext, done: number, total: number): Promise<void> {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return;
  await ctx.mcpReq.notify({
    method: 'notifications/progress',
    params: { progressToken, progress: done, total, message: `file ${done}` },
  });
}

function build(): McpServer {
  const server = new McpServer({ name: 'archive', version: '1.0.0' }, { capabilities: { logging: {} } });
  server.server.onerror = error => errors.push(error.message);

  server.registerTool(
    'process',
    { description: 'Processes files one by one', inputSchema: z.object({ files: z.number().int() }) },
    async ({ files }, ctx) => {
      for (let done = 1; done <= files; done++) await progress(ctx, done, files);
      return { content: [{ type: 'text', text: `Processed ${files} files` }] };
    },
  );

  server.registerTool(
    'validate',
    { inputSchema: z.object({ levels: z.array(z.string()) }) },
    async ({ levels }, ctx) => {
      for (const level of levels) await ctx.mcpReq.log(level as LoggingLevel, { level }, 'validator');
      await ctx.mcpReq.log('info', 'a plain text');
      const asked = ctx.mcpReq.envelope?.[LOG_LEVEL_META_KEY as never];
      return { content: [{ type: 'text', text: `validated, level ${asked ?? 'of the connection'}` }] };
    },
  );

  server.registerTool('announce', {}, async () => {
    await server.sendLoggingMessage({ level: 'warning', logger: 'archive', data: { announced: true } });
    return { content: [{ type: 'text', text: 'announced' }] };
  });

  server.registerTool('both', {}, async ctx => {
    await progress(ctx, 1, 2);
    await ctx.mcpReq.log('error', 'half way');
    await progress(ctx, 2, 2);
    throw new Error('tape-robot-9 jammed');
  });

  server.registerTool('scan', { inputSchema: z.object({ pages: z.number() }) }, async ({ pages }, ctx) => {
    scans.started++;
    await progress(ctx, 0, pages);
    for (let page = 0; page < pages; page++) {
      if (ctx.mcpReq.signal.aborted) {
        scans.stopped++;
        break;
      }
      await pause(100, ctx.mcpReq.signal);
    }
    if (!ctx.mcpReq.signal.aborted) scans.finished++;
    return { content: [{ type: 'text', text: 'scanned' }] };
  });

  server.registerTool('defaults', {}, () => ({
    content: [{ type: 'text', text: String(DEFAULT_REQUEST_TIMEOUT_MSEC) }],
  }));
  return server;
}

export async function connect(transport: Transport): Promise<void> {
  await build().connect(transport);
}

export const handler = createMcpHandler(build, {
  responseMode: 'auto',
  keepAliveMs: 60_000,
  onerror: error => errors.push(error.message),
});

export const actions = { scans: () => scans, close: () => handler.close() };
