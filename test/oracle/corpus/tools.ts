import type { Exchange, Json } from '../exchange.ts';
import { type Changes, legacy, modern } from './message.ts';

type Arguments = { readonly [key: string]: Json };

function call(name: string, tool: string, args?: Arguments, changes: Changes = {}): Exchange {
  return modern(name, 'tools/call', { name: tool, ...(args === undefined ? {} : { arguments: args }) }, changes);
}

function callLegacy(name: string, tool: string, args?: Arguments, changes: Changes = {}): Exchange {
  return legacy(name, 'tools/call', { name: tool, ...(args === undefined ? {} : { arguments: args }) }, changes);
}

const BAD = { class: 'bad-params' } as const;
const FAILS = { class: 'handler-error' } as const;

/** `tools/list` (2026-07-28 and older, server/tools and server/utilities/pagination). */
export const toolLists: readonly Exchange[] = [
  modern('tools/list', 'tools/list'),
  modern('tools/list of a server with one tool', 'tools/list', {}, { server: 'bare' }),
  modern('tools/list at a modern-only server', 'tools/list', {}, { server: 'modern-only' }),
  modern('tools/list with an unknown cursor', 'tools/list', { cursor: 'none-such' }, BAD),
  modern('tools/list with a cursor of the empty string', 'tools/list', { cursor: '' }, { class: 'odd' }),
  modern('tools/list with a cursor that is a number', 'tools/list', { cursor: 3 }, BAD),
  modern('tools/list with a cursor of null', 'tools/list', { cursor: null }, BAD),
  legacy('legacy tools/list', 'tools/list', {}),
  legacy('legacy tools/list without params', 'tools/list'),
  legacy('legacy tools/list of 2025-06-18', 'tools/list', {}, { version: '2025-06-18' }),
  legacy('legacy tools/list of 2025-03-26', 'tools/list', {}, { version: '2025-03-26' }),
  legacy('legacy tools/list with an unknown cursor', 'tools/list', { cursor: 'none-such' }, BAD),
  legacy('legacy tools/list with a cursor that is a number', 'tools/list', { cursor: 3 }, BAD),
  legacy('legacy tools/list with foreign _meta', 'tools/list', {}, { meta: { 'acme.example/x': 1 }, class: 'odd' }),
];

/** `tools/call` that reaches a handler. */
export const toolCalls: readonly Exchange[] = [
  call('call echo', 'echo', { text: 'hi', times: 2 }),
  call('call echo with a string id', 'echo', { text: 'hi' }, { id: 'call-1' }),
  call('call echo of text outside ASCII', 'echo', { text: 'grüße 👋 \u2028 \u0000' }, { class: 'odd' }),
  call('call echo with an unknown argument', 'echo', { text: 'hi', extra: true }, { class: 'odd' }),
  call('call plain without arguments', 'plain'),
  call('call plain with arguments', 'plain', { ignored: 1 }, { class: 'odd' }),
  call('call media', 'media'),
  call('call add', 'add', { a: 1, b: 2.5 }),
  call('call only-structured', 'only-structured'),
  call('call list-output', 'list-output'),
  call('call zero-output', 'zero-output'),
  call('call seen', 'seen', {}, { meta: { 'acme.example/trace': 't1' }, id: 99 }),
  callLegacy('legacy call echo', 'echo', { text: 'hi', times: 2 }),
  callLegacy('legacy call echo of 2025-06-18', 'echo', { text: 'hi' }, { version: '2025-06-18' }),
  callLegacy('legacy call echo of 2025-03-26', 'echo', { text: 'hi' }, { version: '2025-03-26' }),
  callLegacy(
    'legacy call echo without a version header',
    'echo',
    { text: 'hi' },
    {
      headers: { 'MCP-Protocol-Version': null },
    },
  ),
  callLegacy('legacy call plain without arguments', 'plain'),
  callLegacy('legacy call media', 'media'),
  callLegacy('legacy call media of 2025-03-26', 'media', {}, { version: '2025-03-26' }),
  callLegacy('legacy call add', 'add', { a: 1, b: 2 }),
  callLegacy('legacy call add of 2025-03-26', 'add', { a: 1, b: 2 }, { version: '2025-03-26' }),
  callLegacy('legacy call only-structured', 'only-structured'),
  callLegacy('legacy call only-structured of 2025-03-26', 'only-structured', {}, { version: '2025-03-26' }),
  callLegacy('legacy call list-output', 'list-output'),
  callLegacy('legacy call zero-output', 'zero-output'),
  callLegacy('legacy call headed without mirrored headers', 'headed', { region: 'eu' }),
  callLegacy('legacy call seen', 'seen', {}, { meta: { 'acme.example/trace': 't1' }, id: 'abc' }),
];

/** `tools/call` that is refused, or whose handler fails. */
export const badToolCalls: readonly Exchange[] = [
  call('call an unknown tool', 'none-such', {}, BAD),
  call('call a tool named like a property of objects', 'constructor', {}, BAD),
  call('call a tool named __proto__', '__proto__', {}, BAD),
  call('call a tool whose name is empty', '', {}, BAD),
  call('call a disabled tool', 'disabled', {}, BAD),
  call('call echo without its argument', 'echo', {}, BAD),
  call('call echo without arguments', 'echo', undefined, BAD),
  call('call echo with a number as text', 'echo', { text: 5 }, BAD),
  call('call echo with times out of range', 'echo', { text: 'hi', times: 0 }, BAD),
  modern('call with arguments that are an array', 'tools/call', { name: 'echo', arguments: ['hi'] }, BAD),
  modern('call with arguments that are a string', 'tools/call', { name: 'echo', arguments: 'hi' }, BAD),
  modern('call with arguments of null', 'tools/call', { name: 'plain', arguments: null }, BAD),
  modern('call without a name', 'tools/call', { arguments: {} }, { ...BAD, headers: { 'Mcp-Name': 'echo' } }),
  modern('call without a name and without its header', 'tools/call', { arguments: {} }, BAD),
  modern('call with a name that is a number', 'tools/call', { name: 5 }, { ...BAD, headers: { 'Mcp-Name': '5' } }),
  call('call wrong-output', 'wrong-output', {}, FAILS),
  call('call missing-output', 'missing-output', {}, FAILS),
  call('call failed-output', 'failed-output', {}, FAILS),
  call('call fails', 'fails', {}, FAILS),
  call('call throws', 'throws', {}, FAILS),
  call('call throws-string', 'throws-string', {}, FAILS),
  call('call throws-protocol', 'throws-protocol', {}, FAILS),
  callLegacy('legacy call an unknown tool', 'none-such', {}, BAD),
  callLegacy('legacy call a disabled tool', 'disabled', {}, BAD),
  callLegacy('legacy call echo without its argument', 'echo', {}, BAD),
  legacy('legacy call without a name', 'tools/call', { arguments: {} }, BAD),
  legacy('legacy call without params', 'tools/call', undefined, BAD),
  legacy('legacy call with arguments that are an array', 'tools/call', { name: 'echo', arguments: [] }, BAD),
  callLegacy('legacy call wrong-output', 'wrong-output', {}, FAILS),
  callLegacy('legacy call fails', 'fails', {}, FAILS),
  callLegacy('legacy call throws', 'throws', {}, FAILS),
  callLegacy('legacy call throws-protocol', 'throws-protocol', {}, FAILS),
];
