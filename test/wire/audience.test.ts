import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type AuthInfo, createMcpHandler, McpServer, ResourceTemplate } from 'slipway';
import { answerIn, type JsonRpcAnswer, legacy, modern } from '../support/mcp-post.ts';

const ADMIN: AuthInfo = { token: 'a', clientId: 'ada', scopes: ['admin'] };
const GUEST: AuthInfo = { token: 'b', clientId: 'bob', scopes: [] };

type Ask = (who: AuthInfo | undefined, method: string, params?: Record<string, unknown>) => Promise<JsonRpcAnswer>;

function served(t: TestContext, prepare: typeof modern = modern): Ask {
  const enabled = ({ authInfo }: { authInfo: AuthInfo | undefined }) => authInfo?.scopes.includes('admin') === true;
  const hint = { ttlMs: 1000, cacheScope: 'public' } as const;
  const cacheHints = { 'tools/list': hint, 'prompts/list': hint, 'resources/list': hint };
  const server = new McpServer({ name: 'audience', version: '1.0.0' }, { cacheHints });
  server.registerTool('open', {}, () => 'open');
  server.registerTool('purge', { enabled }, () => 'purged');
  server.registerPrompt('purge', { enabled }, () => 'purge');
  server.registerResource('secret', 'note://secret', { enabled }, () => ({ contents: [] }));
  const template = new ResourceTemplate('vault://{name}', { list: undefined, complete: { name: () => ['gold'] } });
  server.registerResource('vault', template, { enabled }, () => ({ contents: [] }));
  const handler = createMcpHandler(server);
  t.after(() => handler.close());
  return async (authInfo, method, params) => {
    const request = new Request('http://localhost/mcp', { method: 'POST', ...prepare(method, params) });
    return answerIn(await handler.fetch(request, authInfo && { authInfo }));
  };
}

for (const [era, prepare] of [
  ['2026-07-28', modern],
  ['2025-11-25', legacy],
] as const) {
  test(`${era}: only those who may use something see it in lists, whatever order they ask in`, async t => {
    const send = served(t, prepare);
    const LISTS: [string, string][] = [
      ['tools/list', 'tools'],
      ['prompts/list', 'prompts'],
      ['resources/list', 'resources'],
      ['resources/templates/list', 'resourceTemplates'],
    ];
    for (const [method, member] of LISTS) {
      const hidden = method === 'tools/list' ? 1 : 0;
      for (const [who, count] of [
        [GUEST, hidden],
        [ADMIN, hidden + 1],
        [undefined, hidden],
        [ADMIN, hidden + 1],
        [GUEST, hidden],
      ] as const) {
        const { result } = await send(who, method);
        assert.equal(result[member].length, count, `${method} for ${who?.clientId}`);
      }
    }
  });

  test(`${era}: what one may not use does not exist: the same error as for a name that nobody registered`, async t => {
    const send = served(t, prepare);
    const PAIRS: [string, Record<string, unknown>, Record<string, unknown>][] = [
      ['tools/call', { name: 'purge' }, { name: 'nothing' }],
      ['prompts/get', { name: 'purge' }, { name: 'nothing' }],
      ['resources/read', { uri: 'note://secret' }, { uri: 'note://nothing' }],
      ['resources/read', { uri: 'vault://gold' }, { uri: 'note://nothing' }],
      [
        'completion/complete',
        { ref: { type: 'ref/resource', uri: 'vault://{name}' }, argument: { name: 'name', value: '' } },
        { ref: { type: 'ref/resource', uri: 'nothing://{name}' }, argument: { name: 'name', value: '' } },
      ],
    ];
    for (const [method, hidden, absent] of PAIRS) {
      assert.equal((await send(ADMIN, method, hidden)).error, undefined, method);
      for (const who of [GUEST, undefined]) {
        const refused = await send(who, method, hidden);
        const unknown = await send(who, method, absent);
        const neutral = (answer: JsonRpcAnswer) =>
          JSON.stringify(answer).replaceAll(
            /purge|nothing|note:\/\/secret|vault:\/\/(gold|\{name\})|\{name\}|note:|:?\/\//g,
            '',
          );
        assert.ok(refused.error !== undefined, method);
        assert.equal(neutral(refused), neutral(unknown), method);
      }
    }
  });
}

test('a list that differs by caller is never cached for others, whatever the hint says', async t => {
  const send = served(t);
  for (const method of ['tools/list', 'prompts/list', 'resources/list']) {
    for (const who of [ADMIN, GUEST]) assert.equal((await send(who, method)).result.cacheScope, 'private', method);
  }
});
