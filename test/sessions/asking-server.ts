/** A server whose tools ask the client, each in one way. */
import assert from 'node:assert/strict';
import { acceptedContent, fromJsonSchema, inputRequired, McpServer, type ServerOptions } from 'slipway';
import type { SentEvents } from '../support/sent-events.ts';
import { SECRET } from '../support/state-place.ts';

export const FORM = {
  message: 'Which colour?',
  requestedSchema: {
    type: 'object',
    properties: {
      colour: { type: 'string', enum: ['red', 'green'], enumNames: ['Red', 'Green'], default: 'red' },
      size: { type: 'integer', title: 'Size', minimum: 1, maximum: 9 },
    },
    required: ['colour'],
  },
} as const;

export const VISIT = {
  mode: 'url',
  message: 'Sign in',
  url: 'https://example.com/in',
  elicitationId: 'visit-1',
} as const;

export const SAMPLE = {
  messages: [{ role: 'user', content: { type: 'text', text: 'Say a word' } }],
  maxTokens: 10,
  systemPrompt: 'Be brief',
} as const;

export const SAMPLE_WITH_TOOLS = {
  ...SAMPLE,
  tools: [{ name: 'weather', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } }],
  toolChoice: { mode: 'auto' },
} as const;

const text = (value: unknown) => ({ content: [{ type: 'text' as const, text: JSON.stringify(value) ?? 'undefined' }] });

/** What went wrong, as the handler sees it. */
function thrown(error: unknown) {
  const { name, message, code, data } = error as Error & { code?: unknown; data?: unknown };
  return text({ name, message, code, data });
}

export interface Asking {
  readonly server: McpServer;
  /** Tells the client that what it was sent to a page for is done. */
  complete: (() => Promise<void>) | undefined;
  /** Reasons with which calls were cancelled. */
  readonly aborted: unknown[];
  readonly progress: unknown[];
}

export function asking(options: ServerOptions = {}): Asking {
  const server = new McpServer(
    { name: 'asking', version: '1.0.0' },
    { secrets: [SECRET], capabilities: { logging: {} }, ...options },
  );
  const made: Asking = { server, complete: undefined, aborted: [], progress: [] };
  server.registerTool('form', {}, ctx => ctx.mcpReq.elicitInput(FORM as never).then(text, thrown));
  server.registerTool('visit', {}, ctx => ctx.mcpReq.elicitInput(VISIT).then(text, thrown));
  server.registerTool('visit-and-leave', {}, async ctx => {
    made.complete = server.server.createElicitationCompletionNotifier(VISIT.elicitationId);
    return text(await ctx.mcpReq.elicitInput(VISIT));
  });
  server.registerTool('sample', {}, ctx => ctx.mcpReq.requestSampling(SAMPLE as never).then(text, thrown));
  server.registerTool('sample-with-tools', {}, ctx =>
    ctx.mcpReq.requestSampling(SAMPLE_WITH_TOOLS as never).then(text, thrown),
  );
  server.registerTool('roots', {}, ctx => ctx.mcpReq.send({ method: 'roots/list' }).then(text, thrown));
  server.registerTool('ping', {}, ctx => ctx.mcpReq.send({ method: 'ping' }).then(text, thrown));
  server.registerTool('server-face', {}, () => server.server.listRoots().then(text, thrown));
  server.registerTool('three', {}, async ctx => {
    const answers = await Promise.all([
      ctx.mcpReq.elicitInput(FORM as never),
      ctx.mcpReq.requestSampling(SAMPLE as never),
      ctx.mcpReq.send({ method: 'roots/list' }),
    ]);
    return text(answers);
  });
  server.registerTool('impatient', {}, ctx =>
    ctx.mcpReq.elicitInput(FORM as never, { timeout: 60 }).then(text, thrown),
  );
  server.registerTool('with-progress', {}, ctx => {
    const onprogress = (progress: unknown) => made.progress.push(progress);
    const settings = { timeout: 1_000, resetTimeoutOnProgress: true, onprogress };
    return ctx.mcpReq.requestSampling(SAMPLE as never, settings).then(text, thrown);
  });
  server.registerTool('wait', {}, async ctx => {
    await ctx.mcpReq.log('info', 'waiting');
    const { promise, resolve } = Promise.withResolvers<void>();
    ctx.mcpReq.signal.addEventListener('abort', () => {
      made.aborted.push(ctx.mcpReq.signal.reason);
      resolve();
    });
    await promise;
    return 'aborted';
  });
  // One handler for both eras, written in either way.
  const inputSchema = fromJsonSchema<{ count: number }>({ type: 'object', properties: { count: { type: 'number' } } });
  server.registerTool('required', { inputSchema }, ({ count }, ctx) => {
    const answer = acceptedContent(ctx.mcpReq.inputResponses, 'colour') as { colour?: string } | undefined;
    if (answer !== undefined) return `${count} ${answer.colour}`;
    return inputRequired({ inputRequests: { colour: inputRequired.elicit(FORM as never) } });
  });
  server.registerTool('linear', { inputSchema }, async ({ count }, ctx) => {
    const { content } = await ctx.elicit(FORM as never);
    return `${count} ${content?.['colour']}`;
  });
  return made;
}

/** Everything that the tools above may ask. */
export const ABLE = { elicitation: { form: {}, url: {} }, sampling: { tools: {} }, roots: { listChanged: true } };

/** What the tool answered, parsed; the stream ends behind it. */
export async function resultOf(stream: SentEvents) {
  const messages = await stream.messages();
  assert.equal(messages.length, 1, JSON.stringify(messages));
  return JSON.parse(messages[0].result.content[0].text);
}

/** An answer to the samplings above. */
export const WORD = { role: 'assistant', content: { type: 'text', text: 'word' }, model: 'm', stopReason: 'endTurn' };
