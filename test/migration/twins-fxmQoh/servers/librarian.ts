/** A librarian that borrows the client's model and asks for its folders; its state travels unsealed, as plain text. */

import {
  type CallToolResult,
  type CreateMessageResult,
  createMcpHandler,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  McpServer,
  MissingRequiredClientCapabilityError,
  type Root,
  type Transport,
  UnsupportedProtocolVersionError,
} from 'slipway';
import * as z from 'zod';

type Answer = CallToolResult | InputRequiredResult;

function text(value: string): CallToolResult {
  return { content: [{ type: 'text', text: value }] };
}

function build(): McpServer {
  const server = new McpServer({ name: 'librarian', version: '1.0.0' });

  server.registerTool(
    'summarize',
    { inputSchema: z.object({ text: z.string() }) },
    async (args, ctx): Promise<Answer> => {
      const view = inputResponse(ctx.mcpReq.inputResponses, 'summary');
      if (view.kind === 'sampling') {
        const { model, content } = view.result as CreateMessageResult;
        return text(`${model}: ${JSON.stringify(content)}`);
      }
      const summary = inputRequired.createMessage({
        messages: [{ role: 'user', content: { type: 'text', text: `Summarize: ${args.text}` } }],
        maxTokens: 100,
        systemPrompt: 'Be short.',
        temperature: 0.2,
        modelPreferences: { hints: [{ name: 'small' }], costPriority: 1 },
      });
      return inputRequired({ inputRequests: { summary } });
    },
  );

  server.registerTool('shelves', {}, async (ctx): Promise<Answer> => {
    const view = inputResponse(ctx.mcpReq.inputResponses, 'roots');
    if (view.kind === 'roots') return text(view.roots.map((root: Root) => `${root.name ?? '-'}=${root.uri}`).join());
    return inputRequired({ inputRequests: { roots: inputRequired.listRoots() } });
  });

  // Two rounds; the state is a plain string that the client could change, so nothing depends on it but a counter.
  server.registerTool('count', {}, async (ctx): Promise<Answer> => {
    const round = Number(ctx.mcpReq.requestState<string>() ?? '0');
    const kinds = ['a', 'b'].map(key => inputResponse(ctx.mcpReq.inputResponses, key).kind).join('+');
    if (round === 2) return text(`round ${round} with ${kinds}`);
    return inputRequired({
      inputRequests: {
        a: inputRequired.listRoots(),
        b: inputRequired.createMessage({
          messages: [{ role: 'user', content: { type: 'text', text: `round ${round}` } }],
          maxTokens: 1,
        }),
      },
      requestState: String(round + 1),
    });
  });

  server.registerTool('with-tools', {}, async (ctx): Promise<Answer> => {
    const view = inputResponse(ctx.mcpReq.inputResponses, 'plan');
    if (view.kind === 'sampling') return text(JSON.stringify(view.result.content));
    const plan = inputRequired.createMessage({
      messages: [{ role: 'user', content: { type: 'text', text: 'Plan' } }],
      maxTokens: 50,
      tools: [{ name: 'search', inputSchema: { type: 'object' } }],
      toolChoice: { mode: 'auto' },
    });
    return inputRequired({ inputRequests: { plan } });
  });

  server.registerResource('errors', 'librarian://errors', {}, () => {
    throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } }, 'Needs a model');
  });
  server.registerResource('versions', 'librarian://versions', {}, () => {
    throw new UnsupportedProtocolVersionError({ supported: ['2026-07-28'], requested: '1999-01-01' }, 'Too old');
  });
  return server;
}

export async function connect(transport: Transport): Promise<void> {
  await build().connect(transport);
}

export const handler = createMcpHandler(build);
