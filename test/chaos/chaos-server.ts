/** A server whose messages can be told apart: every one carries what it belongs to, and its number. */
import { McpServer, ResourceTemplate, silentLogger } from 'slipway';
import { z } from 'zod';

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

const Count = z.object({
  mark: z.string(),
  /** How many messages are told before the answer. */
  events: z.number(),
  /** How many of them at once, without waiting until they are sent. */
  burst: z.number(),
  /** Between bursts. */
  pauseMs: z.number(),
  /** Characters that each message carries beside that. */
  ballast: z.number().default(0),
});

const Marked = z.object({ mark: z.string() });
const Reply = z.object({ word: z.string() });

export class ChaosServer {
  readonly mcp: McpServer;
  /** Marks of calls of `wait` that wait. */
  readonly waiting = new Set<string>();
  readonly #releases = new Map<string, () => void>();

  constructor(secrets?: readonly string[]) {
    const capabilities = { logging: {}, resources: { subscribe: true } };
    const options = { capabilities, logger: silentLogger, ...(secrets && { secrets }) };
    const mcp = new McpServer({ name: 'chaos', version: '1.0.0' }, options);
    this.mcp = mcp;
    mcp.registerTool('count', { inputSchema: Count }, async ({ mark, events, burst, pauseMs, ballast }, ctx) => {
      const weight = ballast === 0 ? {} : { ballast: 'x'.repeat(ballast) };
      for (let number = 1; number <= events; number++) {
        const told = ctx.mcpReq.log('info', { mark, number, ...weight });
        if (number % burst !== 0) continue;
        await told;
        await pause(pauseMs);
      }
      return `${mark} counted to ${events}`;
    });
    mcp.registerTool('ask', { inputSchema: Marked }, async ({ mark }, ctx) => {
      await ctx.mcpReq.log('info', { mark, number: 0 });
      const { action, content } = await ctx.mcpReq.elicitInput({
        message: mark,
        requestedSchema: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
      });
      return `${mark} heard ${action} ${Reply.safeParse(content).data?.word ?? 'nothing'}`;
    });
    mcp.registerTool('wait', { inputSchema: Marked }, async ({ mark }, ctx) => {
      const { signal } = ctx.mcpReq;
      this.waiting.add(mark);
      await ctx.mcpReq.log('info', { mark, number: 0 });
      await new Promise<void>(resolve => {
        this.#releases.set(mark, resolve);
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve());
      });
      this.waiting.delete(mark);
      return `${mark} was ${signal.aborted ? 'cancelled' : 'released'}`;
    });
    mcp.registerTool('echo', { inputSchema: Marked }, ({ mark }) => mark);
    // A message to another session than the one that is being answered.
    const Letter = z.object({ mark: z.string(), sessionId: z.string() });
    mcp.registerTool('forward', { inputSchema: Letter }, async ({ mark, sessionId }, ctx) => {
      await ctx.mcpReq.log('info', { mark: 'forwarding' });
      await mcp.sendLoggingMessage({ level: 'info', data: { mark } }, sessionId);
      return 'forwarded';
    });
    mcp.registerTool('touch', { inputSchema: z.object({ uri: z.string() }) }, async ({ uri }) => {
      mcp.sendResourceUpdated({ uri });
      return uri;
    });
    const template = new ResourceTemplate('tick://{owner}/{number}', { list: undefined });
    mcp.registerResource('tick', template, {}, uri => ({ contents: [{ uri: uri.href, text: 'tick' }] }));
  }
  /** Lets a call of `wait` end. */
  release(mark: string): void {
    this.#releases.get(mark)?.();
  }
}
