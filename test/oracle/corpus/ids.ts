import type { Exchange, ExchangeClass } from '../exchange.ts';
import { envelope, headerPairs, JSON_HEADERS, LEGACY, MODERN, raw } from './message.ts';

const META = JSON.stringify(envelope());
const MODERN_HEADERS = headerPairs(JSON_HEADERS, { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': 'prompts/list' });
const LEGACY_HEADERS = headerPairs(JSON_HEADERS, { 'MCP-Protocol-Version': LEGACY });

/** The id as it stands in the bytes of the request. */
function modernId(name: string, id: string, kind: ExchangeClass = 'odd'): Exchange {
  const body = `{"jsonrpc":"2.0","id":${id},"method":"prompts/list","params":{"_meta":${META}}}`;
  return raw(`an id that is ${name}`, 'prompts/list', MODERN, kind, { headers: MODERN_HEADERS, body });
}

function legacyId(name: string, id: string, kind: ExchangeClass = 'odd'): Exchange {
  const body = `{"jsonrpc":"2.0","id":${id},"method":"ping"}`;
  return raw(`a legacy id that is ${name}`, 'ping', LEGACY, kind, { headers: LEGACY_HEADERS, body });
}

/** Ids are strings or integers and never null (2026-07-28, basic/index, requests). */
export const ids: readonly Exchange[] = [
  modernId('zero', '0'),
  modernId('negative', '-5'),
  modernId('the largest safe integer', '9007199254740991'),
  modernId('beyond the safe integers', '9007199254740993'),
  modernId('the empty string', '""'),
  modernId('a long string', JSON.stringify('i'.repeat(2000))),
  modernId('a string outside ASCII', '"ключ-👋"'),
  modernId('a string of a number', '"1"'),
  modernId('an integer written with an exponent', '1e3'),
  modernId('a fraction', '1.5', 'bad-message'),
  modernId('null', 'null', 'bad-message'),
  modernId('a boolean', 'true', 'bad-message'),
  modernId('an object', '{}', 'bad-message'),
  modernId('an array', '[1]', 'bad-message'),
  legacyId('zero', '0'),
  legacyId('the empty string', '""'),
  legacyId('beyond the safe integers', '9007199254740993'),
  legacyId('a fraction', '1.5', 'bad-message'),
  legacyId('null', 'null', 'bad-message'),
  legacyId('an object', '{}', 'bad-message'),
];
