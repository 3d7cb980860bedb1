import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type AuthInfo, createMcpHandler, inputRequired, McpServer, type McpServerOptions } from 'slipway';
import { z } from 'zod';
import { answerIn, type JsonRpcAnswer, modern } from '../support/mcp-post.ts';
import { recordedLog } from '../support/recorded-log.ts';

const SECRET = 'a secret of at least thirty-two bytes!';
const capabilities = { elicitation: { form: {} } };
const responses = { ok: { action: 'accept', content: {} } };

const as = (clientId: string): AuthInfo => ({ token: clientId, clientId, scopes: [] });

interface Asking {
  log: ReturnType<typeof recordedLog>;
  call(params: Record<string, unknown>, who?: AuthInfo): Promise<JsonRpcAnswer>;
}

function served(t: TestContext, options: McpServerOptions = {}): Asking {
  const log = recordedLog();
  const server = new McpServer({ name: 'asking', version: '1.0.0' }, { logger: log, secrets: [SECRET], ...options });
  const question = () => inputRequired.elicit({ message: 'Sure?', requestedSchema: z.object({}) });
  const define = (name: string) =>
    server.registerTool(name, { inputSchema: z.object({ size: z.number().optional() }) }, ({ size }, ctx) => {
      const state = ctx.mcpReq.requestState();
      if (state !== undefined) return `state ${state}`;
      return inputRequired({ inputRequests: { ok: question() }, requestState: 'x'.repeat(size ?? 5) });
    });
  define('ask');
  define('ask-too');
  const handler = createMcpHandler(server);
  t.after(() => handler.close());
  return {
    log,
    call: async (params, who) => {
      const message = modern('tools/call', { name: 'ask', ...params }, { capabilities });
      const request = new Request('http://localhost/mcp', { method: 'POST', ...message });
      return answerIn(await handler.fetch(request, who && { authInfo: who }));
    },
  };
}

const stateIn = ({ result }: JsonRpcAnswer): string => result.requestState;
const again = (requestState: unknown, more: Record<string, unknown> = {}) => ({
  inputResponses: responses,
  requestState,
  ...more,
});

test('a state comes back to the handler as it was; on the way it is unreadable', async t => {
  const { call } = served(t);
  const first = await call({});
  assert.equal(first.result.resultType, 'input_required');
  assert.equal(first.result.inputRequests.ok.method, 'elicitation/create');
  const state = stateIn(first);
  assert.doesNotMatch(Buffer.from(state, 'base64url').toString('latin1'), /xxxxx/);
  assert.equal((await call(again(state))).result.content[0].text, 'state xxxxx');
});

test('a state works on another instance with the same secrets, and not on one with others', async t => {
  const state = stateIn(await served(t).call({}));
  assert.equal((await served(t).call(again(state))).result.content[0].text, 'state xxxxx');
  const stranger = served(t, { secrets: ['another secret of thirty-two bytes!!'] });
  assert.equal((await stranger.call(again(state))).error?.code, -32602);
});

test('a state is bound to its caller, its tool and its arguments', async t => {
  const { call, log } = served(t);
  const state = stateIn(await call({ arguments: { size: 3 } }, as('ada')));
  const wrong: [string, Promise<JsonRpcAnswer>][] = [
    ['another caller', call(again(state, { arguments: { size: 3 } }), as('bob'))],
    ['nobody', call(again(state, { arguments: { size: 3 } }))],
    ['another tool', call(again(state, { name: 'ask-too', arguments: { size: 3 } }), as('ada'))],
    ['other arguments', call(again(state, { arguments: { size: 4 } }), as('ada'))],
    ['no arguments', call(again(state), as('ada'))],
  ];
  for (const [what, answer] of wrong) {
    const { error } = await answer;
    assert.equal(error?.code, -32602, what);
    assert.deepEqual(error.data, { reason: 'invalid_request_state' }, what);
  }
  assert.equal(log.entries.filter(({ message }) => message === 'requestState refused').length, wrong.length);
  const right = await call(again(state, { arguments: { size: 3 } }), as('ada'));
  assert.equal(right.result.content[0].text, 'state xxx');
});

test('a state that was altered, or is none, is refused', async t => {
  const { call } = served(t);
  const state = stateIn(await call({}));
  const bytes = Buffer.from(state, 'base64url');
  const altered = [0, 1, 10, bytes.length - 1].map(at => {
    const copy = Buffer.from(bytes);
    copy[at]! ^= 1;
    return copy.toString('base64url');
  });
  for (const wrong of [...altered, '', 'x', state.slice(0, -1), `${state}A`, 'x'.repeat(100_000), 7, {}, null]) {
    const { error } = await call(again(wrong));
    assert.equal(error?.code, -32602, JSON.stringify(wrong).slice(0, 100));
  }
});

test('a state expires', async t => {
  const { call } = served(t, { requestState: { ttlMs: 40 } });
  const state = stateIn(await call({}));
  assert.equal((await call(again(state))).result.content[0].text, 'state xxxxx');
  await new Promise(resolve => setTimeout(resolve, 60));
  assert.equal((await call(again(state))).error?.code, -32602);
});

test('a state that is too large is a fault of the server, which its log explains by code', async t => {
  const { call, log } = served(t, { requestState: { maxBytes: 100 } });
  assert.equal((await call({ arguments: { size: 100 } })).result.resultType, 'input_required');
  const { error } = await call({ arguments: { size: 101 } });
  assert.equal(error?.code, -32603);
  const entry = log.entries.find(({ fields }) => fields.reference === error?.data?.['reference']);
  assert.equal(entry?.fields.error.code, 'SLIP_REQUEST_STATE_TOO_LARGE');
});
