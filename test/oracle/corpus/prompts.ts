import type { Exchange, Json } from '../exchange.ts';
import { type Changes, legacy, modern } from './message.ts';

type Arguments = { readonly [key: string]: Json };

const BAD = { class: 'bad-params' } as const;
const FAILS = { class: 'handler-error' } as const;

function get(name: string, prompt: string, args?: Arguments, changes: Changes = {}): Exchange {
  return modern(name, 'prompts/get', { name: prompt, ...(args === undefined ? {} : { arguments: args }) }, changes);
}

function getLegacy(name: string, prompt: string, args?: Arguments, changes: Changes = {}): Exchange {
  return legacy(name, 'prompts/get', { name: prompt, ...(args === undefined ? {} : { arguments: args }) }, changes);
}

/** `prompts/*` (2026-07-28 and older, server/prompts). */
export const prompts: readonly Exchange[] = [
  modern('prompts/list', 'prompts/list'),
  modern('prompts/list with a cursor of the empty string', 'prompts/list', { cursor: '' }, { class: 'odd' }),
  modern('prompts/list with an unknown cursor', 'prompts/list', { cursor: 'none-such' }, BAD),
  modern('prompts/list with a cursor that is an array', 'prompts/list', { cursor: [] }, BAD),
  modern('prompts/list without the capability', 'prompts/list', {}, { server: 'bare', class: 'bad-method' }),
  get('get plain', 'plain'),
  get('get plain with arguments', 'plain', { ignored: 'x' }, { class: 'odd' }),
  get('get greet', 'greet', { name: 'Ada' }),
  get('get greet with a style', 'greet', { name: 'Ada', style: 'verse' }),
  get('get ask with the capability', 'ask', undefined, { capabilities: { elicitation: {} } }),
  get('get ask without the capability', 'ask', undefined, BAD),
  get('get an unknown prompt', 'none-such', undefined, BAD),
  get('get a prompt named like a property of objects', 'toString', undefined, BAD),
  get('get a disabled prompt', 'off', undefined, BAD),
  get('get greet without arguments', 'greet', undefined, BAD),
  get('get greet without a name', 'greet', {}, BAD),
  get('get greet with a number as name', 'greet', { name: 1 }, BAD),
  modern('get with arguments that are a string', 'prompts/get', { name: 'greet', arguments: 'Ada' }, BAD),
  modern('get without a prompt name', 'prompts/get', {}, { ...BAD, headers: { 'Mcp-Name': 'plain' } }),
  get('get throws', 'throws', undefined, FAILS),
  get('get refuses', 'refuses', undefined, FAILS),
  legacy('legacy prompts/list', 'prompts/list', {}),
  legacy('legacy prompts/list with a cursor that is a number', 'prompts/list', { cursor: 1 }, BAD),
  legacy('legacy prompts/list without the capability', 'prompts/list', {}, { server: 'bare', class: 'bad-method' }),
  getLegacy('legacy get plain', 'plain'),
  getLegacy('legacy get greet', 'greet', { name: 'Ada' }),
  legacy('legacy prompts/list of 2025-06-18', 'prompts/list', {}, { version: '2025-06-18' }),
  getLegacy('legacy get greet of 2025-03-26', 'greet', { name: 'Ada' }, { version: '2025-03-26' }),
  getLegacy('legacy get an unknown prompt', 'none-such', undefined, BAD),
  getLegacy('legacy get greet without a name', 'greet', {}, BAD),
  legacy('legacy get without a prompt name', 'prompts/get', {}, BAD),
  getLegacy('legacy get throws', 'throws', undefined, FAILS),
  getLegacy('legacy get refuses', 'refuses', undefined, FAILS),
];
