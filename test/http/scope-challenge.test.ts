import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@modelcontextprotocol/server';
import type { AuthInfo } from '../../src/protocol/auth-info.ts';
import type { JSONRPCRequest } from '../../src/protocol/json-rpc.ts';
import { checkScopeChallenge, requireScopes, type ScopeChallenge } from '../../src/server/scope-challenge.ts';
import { scopeChallengeAnswer } from '../../src/transport/http/scope-challenge-answer.ts';

const request: JSONRPCRequest = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'publish' } };

function caller(scopes: string[], more: Partial<AuthInfo> = {}): AuthInfo {
  return { token: 't', clientId: 'c', scopes, expiresAt: 4_000_000_000, ...more };
}

test('every scope is required; a caller without a token is left to the guard in front', async () => {
  const handler = requireScopes('read', 'write');
  assert.equal(await handler({ request }), undefined);
  assert.equal(await handler({ request, authInfo: caller(['write', 'read', 'more']) }), undefined);
  assert.deepEqual(await handler({ request, authInfo: caller(['read']) }), { scopes: ['read', 'write'] });
  assert.deepEqual(await handler({ request, authInfo: caller(['read', 'WRITE']) }), { scopes: ['read', 'write'] });
});

test('scopes that OAuth does not know are refused where they are written', () => {
  for (const scope of ['', 'a b', 'a"b', 'a\\b', 'é', 'a\n', 5 as unknown as string]) {
    assert.throws(() => requireScopes(scope), TypeError, JSON.stringify(scope));
    assert.throws(() => checkScopeChallenge({ scopes: [scope] }), TypeError);
  }
  assert.throws(() => requireScopes(...([] as unknown as [string])), TypeError);
});

test('a challenge that would break its header is refused', () => {
  for (const challenge of [
    null,
    {},
    { scopes: [] },
    { scopes: 'read' },
    { scopes: ['a'], errorDescription: 'say "please"' },
    { scopes: ['a'], errorDescription: '' },
    { scopes: ['a'], errorDescription: 'é' },
    { scopes: ['a'], errorDescription: 1 },
  ]) {
    assert.throws(
      () => checkScopeChallenge(challenge as unknown as ScopeChallenge),
      TypeError,
      JSON.stringify(challenge),
    );
  }
  const good: ScopeChallenge = { scopes: ['a', 'b:c/d'], errorDescription: "It's [fine]." };
  assert.equal(checkScopeChallenge(good), good);
});

/** What the official handler answers when a tool of its own is challenged for the same reason. */
async function officialAnswer(challenge: ScopeChallenge, authInfo: AuthInfo): Promise<unknown> {
  const { fetch } = sdk.createMcpHandler(() => {
    const server = new sdk.McpServer({ name: 's', version: '1' });
    server.registerTool('publish', { scopeChallenge: () => challenge }, () => ({ content: [] }));
    return server;
  });
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'c', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const response = await fetch(
    new Request('http://localhost/', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'publish',
      },
      body: JSON.stringify({ ...request, params: { ...request.params, _meta: meta } }),
    }),
    { authInfo },
  );
  const headers = { 'Content-Type': response.headers.get('content-type') };
  return {
    status: response.status,
    headers: { ...headers, 'WWW-Authenticate': response.headers.get('www-authenticate') },
    body: await response.text(),
  };
}

test('the answer is the official one, byte for byte', async () => {
  const challenges: ScopeChallenge[] = [
    { scopes: ['read', 'publish'] },
    { scopes: ['read'], errorDescription: 'One more scope, please' },
  ];
  const callers = [
    caller([]),
    caller([], { resource: new URL('https://api.example/mcp/') }),
    caller([], { resource: new URL('https://api.example/') }),
    caller([], { resource: new URL('urn:example:mcp') }),
    caller([], { resource: new URL('https://a.example/'), resourceMetadataUrl: 'https://b.example/meta' }),
  ];
  for (const challenge of challenges) {
    for (const authInfo of callers) {
      assert.deepEqual(scopeChallengeAnswer(challenge, authInfo), await officialAnswer(challenge, authInfo));
    }
  }
});

test('a metadata address with quotes can not end its parameter', () => {
  const authInfo = caller([], { resourceMetadataUrl: 'https://x/"\r\n, scope="all' });
  const header = scopeChallengeAnswer({ scopes: ['a'] }, authInfo).headers['WWW-Authenticate'];
  assert.ok(header.endsWith('resource_metadata="https://x/\\"  , scope=\\"all"'), header);
});
