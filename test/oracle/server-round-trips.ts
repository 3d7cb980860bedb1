import type { RequestStateCodec } from '@modelcontextprotocol/server';
import type { Library, OracleServer } from './servers.ts';

export type StateCodec = RequestStateCodec<{ step: number }>;

const NAME_FORM = {
  message: 'Your name?',
  requestedSchema: { type: 'object' as const, properties: { name: { type: 'string' as const } }, required: ['name'] },
};

/** Tools that need further input (2026-07-28, basic/patterns/mrtr). */
export function registerRoundTrips(server: OracleServer, library: Library, codec: StateCodec): void {
  const { inputRequired, acceptedContent } = library;
  server.registerTool('ask', {}, ctx => {
    const answer = acceptedContent<{ name: string }>(ctx.mcpReq.inputResponses, 'who');
    if (answer === undefined) return inputRequired({ inputRequests: { who: inputRequired.elicit(NAME_FORM) } });
    return { content: [{ type: 'text', text: `Hello ${answer.name}` }] };
  });
  server.registerTool('ask-twice', {}, async ctx => {
    const state = ctx.mcpReq.requestState<{ step: number }>();
    if (state?.step === 1 && acceptedContent(ctx.mcpReq.inputResponses, 'who') !== undefined) {
      return { content: [{ type: 'text', text: `Step ${state.step} confirmed` }] };
    }
    return inputRequired({
      inputRequests: { who: inputRequired.elicit(NAME_FORM) },
      requestState: await codec.mint({ step: 1 }, ctx),
    });
  });
  server.registerTool('ask-url', {}, () =>
    inputRequired({
      inputRequests: { link: inputRequired.elicitUrl({ message: 'Open', url: 'https://acme.example/confirm' }) },
    }),
  );
  server.registerTool('ask-sampling', {}, () =>
    inputRequired({
      inputRequests: {
        draft: inputRequired.createMessage({
          messages: [{ role: 'user', content: { type: 'text', text: 'Say hello' } }],
          maxTokens: 10,
        }),
      },
    }),
  );
  server.registerTool('ask-roots', {}, () => inputRequired({ inputRequests: { roots: inputRequired.listRoots() } }));
  server.registerTool('ask-state-only', {}, async ctx => {
    if (ctx.mcpReq.requestState<{ step: number }>() !== undefined) return { content: [{ type: 'text', text: 'back' }] };
    return inputRequired({ requestState: await codec.mint({ step: 9 }, ctx) });
  });
}
