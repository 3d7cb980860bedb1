/** JSON-RPC messages that the target understands, and what mutations leave of them. */
import { type JsonValue, oddString, oddValue, spoil } from './odd-value.ts';
import type { Random } from './random.ts';

export type Era = 'modern' | 'legacy';
type JsonObject = { [key: string]: JsonValue };

/** A message before it becomes text; mutations may make any member odd. */
export interface Message {
  readonly era: Era;
  readonly method: string;
  readonly params: JsonObject;
  /** Absent for a notification. */
  readonly id: JsonValue | undefined;
  /** The 2025-era revision that its header names, if any. */
  readonly revision: string | undefined;
}

/** The member of `params` that a mutation may change without the message failing before dispatch. */
const PAYLOADS = ['arguments', 'argument', 'inputResponses'] as const;

/** The member of `params` that `Mcp-Name` mirrors. */
const NAMES: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

const CALLS: readonly (readonly [weight: number, method: string, params: () => JsonObject])[] = [
  [
    8,
    'tools/call',
    () => ({ name: 'echo', arguments: { text: 'hello', times: 2, nested: { list: [1, 'two', null] } } }),
  ],
  [5, 'tools/call', () => ({ name: 'add', arguments: { a: 1, b: 2 } })],
  [3, 'tools/call', () => ({ name: 'raw', arguments: { tags: ['a', 'b'], limit: 10, mode: 'fast' } })],
  [2, 'tools/call', () => ({ name: 'region', arguments: { region: 'eu-west', size: 3 } })],
  [2, 'tools/call', () => ({ name: 'report', arguments: { steps: 3 } })],
  [2, 'tools/call', () => ({ name: 'fail', arguments: { how: 'throw' } })],
  [
    2,
    'tools/call',
    () => ({ name: 'ask', arguments: {}, inputResponses: { name: { action: 'accept', content: { name: 'Ann' } } } }),
  ],
  [2, 'prompts/get', () => ({ name: 'greet', arguments: { who: 'Ann', tone: 'kind' } })],
  [2, 'resources/read', () => ({ uri: 'note://fixed' })],
  [2, 'resources/read', () => ({ uri: 'note://item/42' })],
  [
    2,
    'completion/complete',
    () => ({ ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'tone', value: 'k' } }),
  ],
  [
    1,
    'completion/complete',
    () => ({ ref: { type: 'ref/resource', uri: 'note://item/{id}' }, argument: { name: 'id', value: '4' } }),
  ],
  [1, 'tools/list', () => ({})],
  [1, 'prompts/list', () => ({})],
  [1, 'resources/list', () => ({})],
  [1, 'resources/templates/list', () => ({})],
];

const MODERN_ONLY: readonly (readonly [weight: number, method: string, params: () => JsonObject])[] = [
  [2, 'server/discover', () => ({})],
  [
    1,
    'subscriptions/listen',
    () => ({ notifications: { toolsListChanged: true, resourceSubscriptions: ['note://fixed'] } }),
  ],
];

const LEGACY_ONLY: readonly (readonly [weight: number, method: string, params: () => JsonObject])[] = [
  [2, 'ping', () => ({})],
  [
    2,
    'initialize',
    () => ({ protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'fuzz', version: '1' } }),
  ],
];

function envelope(random: Random): JsonObject {
  return {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'fuzz', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': random.chance(0.7) ? { elicitation: {} } : {},
    ...(random.chance(0.1) && { progressToken: random.pick<JsonValue>(['p', 7]) }),
    ...(random.chance(0.05) && { 'io.modelcontextprotocol/logLevel': 'debug' }),
  };
}

/** A message that is right in every respect. */
export function validMessage(random: Random): Message {
  const era: Era = random.chance(0.65) ? 'modern' : 'legacy';
  const [method, params] = random.weighted(
    [...CALLS, ...(era === 'modern' ? MODERN_ONLY : LEGACY_ONLY)].map(
      ([weight, name, make]) => [weight, [name, make] as const] as const,
    ),
  );
  const meta: JsonObject = era === 'modern' ? { _meta: envelope(random) } : {};
  return {
    era,
    method,
    params: { ...params(), ...meta },
    id: random.pick<JsonValue>([1, 'a', 0, '', 2 ** 53 - 1]),
    revision: era === 'legacy' ? random.pick(['2025-11-25', '2025-06-18', '2025-03-26', undefined]) : undefined,
  };
}

/** A call that is answered with a stream, which begins at once and ends a little later. */
export function slowMessage(): Message {
  const _meta: JsonObject = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
    progressToken: 'p',
  };
  const params: JsonObject = { name: 'slow', arguments: {}, _meta };
  return { era: 'modern', method: 'tools/call', params, id: 1, revision: undefined };
}

/** Changes what the handler sees, so that validation and handler have to cope; the message still gets there. */
export function withOddPayload(message: Message, random: Random): Message {
  const params = { ...message.params };
  const payloads = PAYLOADS.filter(name => Object.hasOwn(params, name));
  if (payloads.length === 0) return withOddDetails(message, random);
  const name = random.pick(payloads);
  let payload = params[name]!;
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const spoilt = spoil(payload, random);
    // Params that are not even objects are refused earlier; that is the business of withOddParams.
    if (typeof spoilt === 'object' && spoilt !== null && !Array.isArray(spoilt)) payload = spoilt;
  }
  return { ...message, params: { ...params, [name]: payload } };
}

/** Changes what a request adds to its method: names, URIs, cursors, states, progress tokens. */
function withOddDetails(message: Message, random: Random): Message {
  const params = { ...message.params };
  if (message.method.endsWith('/list')) params['cursor'] = oddString(random);
  else if (message.method === 'resources/read')
    params['uri'] = `note://item/${encodeURIComponent(random.pick(['x', ' ', '%', '/']))}`;
  else params[oddString(random).slice(0, 100)] = oddValue(random);
  if (message.method === 'tools/call') params['requestState'] = oddString(random);
  return { ...message, params };
}

/** Changes any member of the params, the envelope included. */
export function withOddParams(message: Message, random: Random): Message {
  const spoilt = spoil(message.params, random);
  return { ...message, params: spoilt as JsonObject };
}

/** Changes the JSON-RPC part: method and id. */
export function withOddFrame(message: Message, random: Random): Message {
  if (random.chance(0.5)) return { ...message, id: random.chance(0.3) ? undefined : oddValue(random) };
  const method = random.pick<unknown>([
    '',
    'tools/unknown',
    'Tools/Call',
    'rpc.x',
    '\u0000',
    '__proto__',
    5,
    null,
    'notifications/cancelled',
    'tasks/get',
  ]);
  return { ...message, method: method as string };
}

export function messageText(message: Message): string {
  const { id, method, params } = message;
  return JSON.stringify({ jsonrpc: '2.0', ...(id !== undefined && { id }), method, params });
}

function isPlainHeaderValue(value: string): boolean {
  return /^[!-~](?:[ -~]*[!-~])?$/.test(value) && !value.startsWith('=?base64?');
}

function headerValue(value: string): string {
  return isPlainHeaderValue(value) ? value : `=?base64?${Buffer.from(value).toString('base64')}?=`;
}

/** The MCP headers that belong to a message. */
export function messageHeaders(message: Message): [string, string][] {
  const { era, method, params, revision } = message;
  if (era === 'legacy') return revision === undefined ? [] : [['MCP-Protocol-Version', revision]];
  const headers: [string, string][] = [['MCP-Protocol-Version', '2026-07-28']];
  if (typeof method === 'string') headers.push(['Mcp-Method', headerValue(method)]);
  if (typeof params !== 'object' || params === null) return headers;
  const name = params[NAMES[method] ?? ''];
  if (typeof name === 'string') headers.push(['Mcp-Name', headerValue(name)]);
  const args = params['arguments'];
  if (name === 'region' && typeof args === 'object' && args !== null && !Array.isArray(args)) {
    if (typeof args['region'] === 'string') headers.push(['Mcp-Param-Region', headerValue(args['region'])]);
  }
  return headers;
}
