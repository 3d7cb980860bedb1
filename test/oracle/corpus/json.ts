import type { Exchange, ExchangeClass } from '../exchange.ts';
import { type Changes, envelope, headerPairs, JSON_HEADERS, LEGACY, MODERN, raw } from './message.ts';

const META = JSON.stringify(envelope());
const PING_LEGACY = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

function bytes(name: string, kind: ExchangeClass, body: string, changes: Changes = {}): Exchange {
  return raw(name, 'json', 'none', kind, { body }, changes);
}

function modernBytes(name: string, kind: ExchangeClass, body: string, method = 'tools/call', tool?: string): Exchange {
  const headers = headerPairs(
    JSON_HEADERS,
    { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': method },
    tool === undefined ? {} : { 'Mcp-Name': tool },
  );
  return raw(name, 'json', MODERN, kind, { headers, body });
}

function echo(members: string): string {
  return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":"hi"${members}},"_meta":${META}}}`;
}

/** Bodies that are no JSON, no message, or an unusual one (JSON-RPC 2.0, section 5.1). */
export const json: readonly Exchange[] = [
  bytes('an empty body', 'bad-json', ''),
  bytes('a body of spaces', 'bad-json', '  \n'),
  bytes('half a message', 'bad-json', '{"jsonrpc":"2.0","id":1,'),
  bytes('a trailing comma', 'bad-json', '{"jsonrpc":"2.0","id":1,"method":"ping",}'),
  bytes('text', 'bad-json', 'ping'),
  bytes('two messages', 'bad-json', `${PING_LEGACY}\n${PING_LEGACY}`),
  bytes('an unquoted NaN', 'bad-json', '{"jsonrpc":"2.0","id":NaN,"method":"ping"}'),
  bytes('an empty body at a modern-only server', 'bad-json', '', { server: 'modern-only' }),
  bytes('half a message at a modern-only server', 'bad-json', '{"jsonrpc"', { server: 'modern-only' }),
  modernBytes(
    'half a modern message',
    'bad-json',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call"',
    'tools/call',
    'echo',
  ),
  bytes('a byte order mark', 'odd', `\uFEFF${PING_LEGACY}`),
  bytes('white space around', 'odd', ` \r\n\t${PING_LEGACY}\n `),
  bytes('the message null', 'bad-message', 'null'),
  bytes('the message true', 'bad-message', 'true'),
  bytes('the message 1', 'bad-message', '1'),
  bytes('a message that is a string', 'bad-message', '"ping"'),
  bytes('an empty object', 'bad-message', '{}'),
  bytes('no jsonrpc', 'bad-message', '{"id":1,"method":"ping"}'),
  bytes('jsonrpc 1.0', 'bad-message', '{"jsonrpc":"1.0","id":1,"method":"ping"}'),
  bytes('jsonrpc as a number', 'bad-message', '{"jsonrpc":2.0,"id":1,"method":"ping"}'),
  bytes('no method', 'bad-message', '{"jsonrpc":"2.0","id":1}'),
  bytes('a method that is a number', 'bad-message', '{"jsonrpc":"2.0","id":1,"method":7}'),
  bytes('a method that is null', 'bad-message', '{"jsonrpc":"2.0","id":1,"method":null}'),
  bytes('an empty method', 'bad-message', '{"jsonrpc":"2.0","id":1,"method":""}'),
  bytes('params that are a number', 'bad-message', '{"jsonrpc":"2.0","id":1,"method":"ping","params":3}'),
  bytes('params that are an array', 'bad-message', '{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}'),
  bytes(
    'a result and an error',
    'bad-message',
    '{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"x"}}',
  ),
  bytes('a method and a result', 'bad-message', '{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}'),
  bytes('an unknown member', 'odd', '{"jsonrpc":"2.0","id":1,"method":"ping","extra":1}'),
  bytes('duplicate keys', 'odd', '{"jsonrpc":"2.0","id":1,"id":2,"method":"acme/none","method":"ping"}'),
  bytes('an unknown method without a version header', 'bad-method', '{"jsonrpc":"2.0","id":1,"method":"acme/none"}'),
  modernBytes('a __proto__ key in the arguments', 'odd', echo(',"__proto__":{"polluted":true}'), 'tools/call', 'echo'),
  modernBytes(
    'a constructor key in the arguments',
    'odd',
    echo(',"constructor":{"prototype":{}}'),
    'tools/call',
    'echo',
  ),
  modernBytes('duplicate arguments', 'odd', echo(',"text":"second"'), 'tools/call', 'echo'),
  modernBytes('escaped surrogates', 'odd', echo(',"text":"\\ud83d\\udc4b"'), 'tools/call', 'echo'),
  modernBytes('a lone surrogate', 'odd', echo(',"text":"\\ud83d"'), 'tools/call', 'echo'),
  modernBytes('deep nesting', 'odd', echo(`,"deep":${'['.repeat(60)}${']'.repeat(60)}`), 'tools/call', 'echo'),
  modernBytes('a large number', 'odd', echo(',"n":1e400'), 'tools/call', 'echo'),
  modernBytes(
    'a __proto__ key in params',
    'odd',
    `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"__proto__":{"_meta":1},"_meta":${META}}}`,
    'tools/list',
  ),
  modernBytes(
    'no jsonrpc in a modern message',
    'bad-message',
    `{"id":1,"method":"tools/list","params":{"_meta":${META}}}`,
    'tools/list',
  ),
  raw('a body of 200 kilobytes', 'json', LEGACY, 'odd', {
    headers: headerPairs(JSON_HEADERS, { 'MCP-Protocol-Version': LEGACY }),
    body: `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"acme.example/pad":"${'x'.repeat(200_000)}"}}}`,
  }),
];
