import type { Exchange, ExchangeClass, Json } from '../exchange.ts';
import { modern } from './message.ts';

type Arguments = { readonly [key: string]: Json };

function headed(
  name: string,
  args: Arguments,
  headers: Record<string, string>,
  kind: ExchangeClass = 'good',
): Exchange {
  return modern(name, 'tools/call', { name: 'headed', arguments: args }, { headers, class: kind });
}

/** Parameters mirrored into headers (2026-07-28, basic/transports/streamable-http, custom headers). */
export const paramHeaders: readonly Exchange[] = [
  headed('a mirrored string', { region: 'eu-west' }, { 'Mcp-Param-Region': 'eu-west' }),
  headed('a mirrored string whose header name is in lower case', { region: 'eu' }, { 'mcp-param-region': 'eu' }),
  headed('a mirrored string, encoded', { region: 'Zürich' }, { 'Mcp-Param-Region': '=?base64?WsO8cmljaA==?=' }),
  headed('a mirrored string with outer spaces, encoded', { region: ' a ' }, { 'Mcp-Param-Region': '=?base64?IGEg?=' }),
  headed('a mirrored integer', { count: 42 }, { 'Mcp-Param-Count': '42' }),
  headed('a mirrored integer with a fraction of zero', { count: 42 }, { 'Mcp-Param-Count': '42.0' }, 'odd'),
  headed('a mirrored negative integer', { count: -7 }, { 'Mcp-Param-Count': '-7' }),
  headed('a mirrored boolean', { flag: true }, { 'Mcp-Param-Flag': 'true' }),
  headed('a mirrored nested string', { nested: { zone: 'b' } }, { 'Mcp-Param-Zone': 'b' }),
  headed(
    'all mirrored',
    { region: 'x', count: 0, flag: false, nested: { zone: 'z' } },
    {
      'Mcp-Param-Region': 'x',
      'Mcp-Param-Count': '0',
      'Mcp-Param-Flag': 'false',
      'Mcp-Param-Zone': 'z',
    },
  ),
  headed('nothing to mirror', {}, {}),
  headed('a header for an absent argument', {}, { 'Mcp-Param-Region': 'eu' }, 'odd'),
  headed(
    'a header that the tool does not know',
    { region: 'x' },
    { 'Mcp-Param-Region': 'x', 'Mcp-Param-Other': '1' },
    'odd',
  ),
  headed('a missing mirror', { region: 'eu-west' }, {}, 'bad-header'),
  headed('a missing mirror of an empty string', { region: '' }, {}, 'bad-header'),
  headed('a mirror of an empty string', { region: '' }, { 'Mcp-Param-Region': '=?base64??=' }, 'odd'),
  headed('another string', { region: 'eu-west' }, { 'Mcp-Param-Region': 'us-east' }, 'bad-header'),
  headed('a string in another case', { region: 'eu' }, { 'Mcp-Param-Region': 'EU' }, 'bad-header'),
  headed('another integer', { count: 42 }, { 'Mcp-Param-Count': '43' }, 'bad-header'),
  headed('an integer in hexadecimal', { count: 42 }, { 'Mcp-Param-Count': '0x2a' }, 'bad-header'),
  headed('an integer with an exponent', { count: 100 }, { 'Mcp-Param-Count': '1e2' }, 'bad-header'),
  headed('a boolean in capitals', { flag: true }, { 'Mcp-Param-Flag': 'TRUE' }, 'bad-header'),
  headed('a broken encoding', { region: 'eu' }, { 'Mcp-Param-Region': '=?base64?ZX?=' }, 'bad-header'),
  headed('a missing nested mirror', { nested: { zone: 'b' } }, {}, 'bad-header'),
  headed('a mirror with a byte outside ASCII', { region: 'é' }, { 'Mcp-Param-Region': 'é' }, 'bad-header'),
  headed('a mirrored argument of null', { region: null }, {}, 'bad-params'),
  headed('a mirrored argument of the wrong type', { count: 'x' }, { 'Mcp-Param-Count': 'x' }, 'bad-params'),
];
