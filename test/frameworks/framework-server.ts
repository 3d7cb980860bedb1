import { once } from 'node:events';
import { McpServer } from 'slipway';
import { z } from 'zod';

/** What the handler under test serves: an answer, a stream, and a call that waits until its client leaves. */
export class FrameworkServer {
  readonly mcp = new McpServer({ name: 'mounted', version: '1.0.0' }, { capabilities: { logging: {} } });
  /** Calls of `wait` that have begun, and how many of them were cancelled. */
  waiting = 0;
  cancelled = 0;

  constructor() {
    this.mcp.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => text);
    this.mcp.registerTool('steps', { inputSchema: z.object({ count: z.number() }) }, async ({ count }, ctx) => {
      for (let step = 1; step <= count; step++) await ctx.mcpReq.log('info', `step ${step}`);
      return 'done';
    });
    this.mcp.registerTool('wait', {}, async ctx => {
      const { signal } = ctx.mcpReq;
      this.waiting++;
      if (!signal.aborted) await once(signal, 'abort');
      this.cancelled++;
      return 'cancelled';
    });
    this.mcp.registerTool('whoami', {}, ctx => ctx.http?.authInfo?.clientId ?? 'nobody');
  }
}
