/** The server under load: tools that are quick, slow, talkative, curious, endless; resources that change. */
import { isSuspension, McpServer, ResourceTemplate, type ServerContext, ToolError } from 'slipway';
import { z } from 'zod';
import type { Leaks } from './planted-leak.ts';

const Marked = z.object({ mark: z.string() });
const Slow = Marked.extend({ ms: z.number() });
const Count = Marked.extend({
  /** How many progress notifications come before the answer. */
  events: z.number(),
  pauseMs: z.number(),
  /** Characters that each carries beside its number. */
  ballast: z.number().default(0),
});
const Flood = Count.extend({
  /** Whether it waits for a slow reader. */
  waits: z.boolean(),
});
const Word = z.object({ word: z.string() });
const Large = Marked.extend({ characters: z.number() });

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done);
  });
}

/** Each one: `ctx.mcpReq.progress()` leaves some out when there are many. */
function tell(ctx: ServerContext, progress: number, total: number, message: string): void | Promise<void> {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return;
  return ctx.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total, message } });
}

export function soakServer(leaks: Leaks): McpServer {
  const capabilities = { logging: {}, resources: { subscribe: true, listChanged: true } };
  const server = new McpServer({ name: 'soak', version: '1.0.0' }, { capabilities });
  // Only then: a server without middleware takes a shorter way, which is the one to look at.
  if (leaks.planted) {
    server.use((_ctx, next) => {
      leaks.request();
      return next();
    });
  }

  server.registerTool('echo', { inputSchema: Marked }, ({ mark }) => mark);
  server.registerTool(
    'double',
    { inputSchema: z.object({ number: z.number() }), outputSchema: z.object({ doubled: z.number() }) },
    ({ number }) => ({ doubled: 2 * number }),
  );
  server.registerTool('slow', { inputSchema: Slow }, async ({ mark, ms }, ctx) => {
    await pause(ms, ctx.mcpReq.signal);
    return mark;
  });
  server.registerTool('count', { inputSchema: Count }, async ({ mark, events, pauseMs, ballast }, ctx) => {
    for (let number = 1; number <= events && !ctx.mcpReq.signal.aborted; number++) {
      await tell(ctx, number, events, `${mark} ${'x'.repeat(ballast)}`);
      if (pauseMs > 0) await pause(pauseMs, ctx.mcpReq.signal);
    }
    return `${mark} counted to ${events}`;
  });
  server.registerTool('flood', { inputSchema: Flood }, async ({ mark, events, ballast, waits }, ctx) => {
    for (let number = 1; number <= events && !ctx.mcpReq.signal.aborted; number++) {
      const sent = tell(ctx, number, events, 'x'.repeat(ballast));
      if (waits) await sent;
      else await new Promise(resolve => setImmediate(resolve));
    }
    return `${mark} counted to ${events}`;
  });
  server.registerTool('large', { inputSchema: Large }, ({ mark, characters }) => mark + 'x'.repeat(characters));
  server.registerTool('ask', { inputSchema: Marked }, async ({ mark }, ctx) => {
    try {
      const { action, content } = await ctx.elicit({ message: mark, requestedSchema: Word });
      return `${mark} heard ${action} ${content?.word}`;
    } catch (error) {
      if (isSuspension(error)) throw error;
      // A session that ends while it is asked is no fault of ours: without this, the log would say so.
      throw new ToolError(`${mark} was not answered`);
    }
  });
  server.registerTool('forever', { inputSchema: Marked }, async ({ mark }, ctx) => {
    const { signal } = ctx.mcpReq;
    await ctx.mcpReq.progress(1, 2, mark);
    await new Promise<void>(resolve => {
      const end = () => {
        if (!leaks.ignoresCancellation()) resolve();
      };
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    });
    return `${mark} was cancelled`;
  });
  let done = 0;
  server.registerTool('once', { inputSchema: Marked }, ({ mark }) => `${mark} ${++done}`);
  server.registerTool('touch', { inputSchema: z.object({ uri: z.string() }) }, ({ uri }) => {
    server.sendResourceUpdated({ uri });
    return uri;
  });

  const thing = new ResourceTemplate('thing://{name}', { list: undefined });
  server.registerResource('thing', thing, {}, uri => ({ contents: [{ uri: uri.href, text: `this is ${uri.href}` }] }));
  server.registerPrompt('greet', { argsSchema: z.object({ name: z.string() }) }, ({ name }) => `Hello, ${name}!`);
  return server;
}
