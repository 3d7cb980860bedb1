/** A library of prompts: arguments with completion, every kind of content, a prompt that asks back. */

import {
  acceptedContent,
  completable,
  createMcpHandler,
  type GetPromptResult,
  type InputRequiredResult,
  inputRequired,
  isCompletable,
  McpServer,
  type PromptCallback,
  ProtocolError,
  ProtocolErrorCode,
} from 'slipway';
import * as z from 'zod';

const languages = ['typescript', 'javascript', 'python', 'rust', 'go'];
const branches: Readonly<Record<string, readonly string[]>> = {
  compiler: ['main', 'release/1', 'release/2'],
  runtime: ['main'],
};
const tiny = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';
const beep = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

const language = completable(z.string().describe('Programming language'), value =>
  languages.filter(name => name.startsWith(value)),
);

const ReviewArguments = z.object({ language, code: z.string().describe('The code'), tone: z.string().optional() });

const review: PromptCallback<typeof ReviewArguments> = ({ language, code, tone }) => ({
  description: `Review of ${language}`,
  messages: [
    { role: 'user', content: { type: 'text', text: `Review this ${language} code, ${tone ?? 'kindly'}:\n\n${code}` } },
    { role: 'assistant', content: { type: 'text', text: 'The first finding:' } },
  ],
});

function build(): McpServer {
  const server = new McpServer(
    { name: 'phrasebook', version: '1.0.0' },
    { cacheHints: { 'prompts/list': { ttlMs: 8 } } },
  );

  server.registerPrompt(
    'review',
    {
      title: 'Code review',
      description: 'Reviews code',
      argsSchema: ReviewArguments,
      icons: [{ src: 'data:image/svg+xml;base64,PHN2Zy8+', mimeType: 'image/svg+xml' }],
      _meta: { 'phrasebook.example/category': 'code' },
    },
    review,
  );

  server.registerPrompt('greeting', { description: 'Without arguments' }, async ctx => ({
    messages: [{ role: 'user', content: { type: 'text', text: `Hello by ${ctx.mcpReq.method}` } }],
  }));

  // The raw-shape form, still accepted.
  server.registerPrompt('raw', { argsSchema: { topic: z.string() } }, ({ topic }, ctx) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `${topic} ${ctx.mcpReq.id}` } }],
  }));

  server.registerPrompt(
    'pull-request',
    {
      argsSchema: z.object({
        repo: completable(z.string(), async value => Object.keys(branches).filter(name => name.startsWith(value))),
        branch: completable(z.string(), (value, context) =>
          (branches[context?.arguments?.['repo'] ?? ''] ?? []).filter(name => name.startsWith(value)),
        ),
        number: completable(z.string(), () => Array.from({ length: 120 }, (_, index) => `#${index}`)).optional(),
        note: z.string().optional(),
      }),
    },
    ({ repo, branch }) => ({ messages: [{ role: 'user', content: { type: 'text', text: `${repo}@${branch}` } }] }),
  );

  server.registerPrompt('everything', {}, () => ({
    messages: [
      { role: 'user', content: { type: 'image', data: tiny, mimeType: 'image/png', annotations: { priority: 1 } } },
      { role: 'user', content: { type: 'audio', data: beep, mimeType: 'audio/wav' } },
      { role: 'user', content: { type: 'resource', resource: { uri: 'doc://style', text: '- const over let' } } },
      {
        role: 'user',
        content: { type: 'resource_link', uri: 'doc://style', name: 'style', mimeType: 'text/markdown' },
      },
    ],
    _meta: { 'phrasebook.example/blocks': 4 },
  }));

  const Confirmation = z.object({ topic: z.string().max(40) });
  server.registerPrompt('interview', {}, async (ctx): Promise<GetPromptResult | InputRequiredResult> => {
    const answer = acceptedContent(ctx.mcpReq.inputResponses, 'topic', Confirmation);
    if (answer === undefined) {
      const topic = inputRequired.elicit({ message: 'About what?', requestedSchema: Confirmation });
      return inputRequired({ inputRequests: { topic } });
    }
    return { messages: [{ role: 'user', content: { type: 'text', text: `Interview me about ${answer.topic}` } }] };
  });

  server.registerPrompt('refused', {}, () => {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Not on Sundays', { day: 'Sunday' });
  });

  server.registerPrompt('crashed', {}, () => {
    throw new Error('template-store-3 unreachable');
  });

  server.registerTool('completable-fields', {}, () => ({
    content: [{ type: 'text', text: JSON.stringify([isCompletable(language), isCompletable(z.string())]) }],
  }));
  return server;
}

export const handler = createMcpHandler(build);
