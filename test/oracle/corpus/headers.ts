import type { Exchange } from '../exchange.ts';
import { modern } from './message.ts';

const ECHO = { name: 'echo', arguments: { text: 'hi' } };
const BAD = 'bad-header' as const;

function base64(text: string): string {
  return `=?base64?${Buffer.from(text).toString('base64')}?=`;
}

/** The standard headers (2026-07-28, basic/transports/streamable-http, request metadata). */
export const headers: readonly Exchange[] = [
  modern('no version header', 'tools/list', {}, { headers: { 'MCP-Protocol-Version': null }, class: BAD }),
  modern(
    'version header of a past revision',
    'tools/list',
    {},
    {
      headers: { 'MCP-Protocol-Version': '2025-11-25' },
      class: BAD,
    },
  ),
  modern(
    'version header of a future revision',
    'tools/list',
    {},
    {
      headers: { 'MCP-Protocol-Version': '2099-01-01' },
      class: BAD,
    },
  ),
  modern('empty version header', 'tools/list', {}, { headers: { 'MCP-Protocol-Version': '' }, class: BAD }),
  modern(
    'version header with spaces around',
    'tools/list',
    {},
    {
      headers: { 'MCP-Protocol-Version': '  2026-07-28\t' },
      class: 'odd',
    },
  ),
  modern('header names in capitals', 'tools/call', ECHO, {
    headers: {
      'MCP-PROTOCOL-VERSION': '2026-07-28',
      'MCP-METHOD': 'tools/call',
      'MCP-NAME': 'echo',
    },
  }),
  modern('none of the standard headers', 'tools/call', ECHO, {
    headers: { 'MCP-Protocol-Version': null, 'Mcp-Method': null, 'Mcp-Name': null },
    class: BAD,
  }),
  modern('no Mcp-Method', 'tools/list', {}, { headers: { 'Mcp-Method': null }, class: BAD }),
  modern('empty Mcp-Method', 'tools/list', {}, { headers: { 'Mcp-Method': '' }, class: BAD }),
  modern('Mcp-Method of another method', 'tools/list', {}, { headers: { 'Mcp-Method': 'prompts/list' }, class: BAD }),
  modern('Mcp-Method in capitals', 'tools/list', {}, { headers: { 'Mcp-Method': 'TOOLS/LIST' }, class: BAD }),
  modern(
    'Mcp-Method with spaces around',
    'tools/list',
    {},
    {
      headers: { 'Mcp-Method': ' tools/list ' },
      class: 'odd',
    },
  ),
  modern('Mcp-Method encoded', 'tools/list', {}, { headers: { 'Mcp-Method': base64('tools/list') }, class: BAD }),
  modern('no Mcp-Name on tools/call', 'tools/call', ECHO, { headers: { 'Mcp-Name': null }, class: BAD }),
  modern('empty Mcp-Name on tools/call', 'tools/call', ECHO, { headers: { 'Mcp-Name': '' }, class: BAD }),
  modern('Mcp-Name of another tool', 'tools/call', ECHO, { headers: { 'Mcp-Name': 'plain' }, class: BAD }),
  modern('Mcp-Name in capitals', 'tools/call', ECHO, { headers: { 'Mcp-Name': 'ECHO' }, class: BAD }),
  modern('Mcp-Name encoded', 'tools/call', ECHO, { headers: { 'Mcp-Name': base64('echo') } }),
  modern('Mcp-Name encoded, of another tool', 'tools/call', ECHO, {
    headers: { 'Mcp-Name': base64('plain') },
    class: BAD,
  }),
  modern('Mcp-Name with broken padding', 'tools/call', ECHO, {
    headers: { 'Mcp-Name': '=?base64?ZWNobw?=' },
    class: BAD,
  }),
  modern('Mcp-Name with bytes that are no UTF-8', 'tools/call', ECHO, {
    headers: { 'Mcp-Name': '=?base64?//79?=' },
    class: BAD,
  }),
  modern('Mcp-Name with the marker in capitals', 'tools/call', ECHO, {
    headers: { 'Mcp-Name': '=?BASE64?ZWNobw==?=' },
    class: BAD,
  }),
  modern('Mcp-Name with a byte outside ASCII', 'tools/call', ECHO, { headers: { 'Mcp-Name': 'écho' }, class: BAD }),
  modern('Mcp-Name on a method without a name', 'tools/list', {}, { headers: { 'Mcp-Name': 'echo' }, class: 'odd' }),
  modern('no Mcp-Name on prompts/get', 'prompts/get', { name: 'plain' }, { headers: { 'Mcp-Name': null }, class: BAD }),
  modern(
    'Mcp-Name of another prompt',
    'prompts/get',
    { name: 'plain' },
    {
      headers: { 'Mcp-Name': 'greet' },
      class: BAD,
    },
  ),
  modern(
    'no Mcp-Name on resources/read',
    'resources/read',
    { uri: 'config://app' },
    {
      headers: { 'Mcp-Name': null },
      class: BAD,
    },
  ),
  modern(
    'Mcp-Name of another resource',
    'resources/read',
    { uri: 'config://app' },
    {
      headers: { 'Mcp-Name': 'data://blob' },
      class: BAD,
    },
  ),
  modern(
    'Mcp-Name of a resource, encoded',
    'resources/read',
    { uri: 'config://app' },
    {
      headers: { 'Mcp-Name': base64('config://app') },
    },
  ),
  modern(
    'Mcp-Name that equals the body but reads as encoded',
    'prompts/get',
    { name: base64('plain') },
    { class: BAD },
  ),
  modern('Mcp-Name that equals the body but is not ASCII', 'prompts/get', { name: 'é' }, { class: BAD }),
  modern(
    'Mcp-Name of a name outside ASCII, encoded',
    'prompts/get',
    { name: 'é' },
    {
      headers: { 'Mcp-Name': base64('é') },
      class: 'bad-params',
    },
  ),
  modern(
    'Mcp-Name where the body has none',
    'resources/read',
    {},
    {
      headers: { 'Mcp-Name': 'config://app' },
      class: BAD,
    },
  ),
  modern(
    'no Mcp-Method on a method that nobody knows',
    'acme/unknown',
    {},
    {
      headers: { 'Mcp-Method': null },
      class: BAD,
    },
  ),
  modern(
    'a session id and a last event id',
    'tools/list',
    {},
    {
      headers: { 'Mcp-Session-Id': 'none-such', 'Last-Event-ID': '17' },
      class: 'odd',
    },
  ),
];
