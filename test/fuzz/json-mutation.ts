/** Bodies that are not the JSON they should be. */
import { type Message, messageText } from './message.ts';
import { type JsonValue, oddValue } from './odd-value.ts';
import type { Random } from './random.ts';

export interface JsonMutation {
  readonly label: string;
  readonly status?: readonly number[];
  body(message: Message, random: Random): string | Buffer;
}

function invalidUtf8(text: string, random: Random): Buffer {
  const bytes = Buffer.from(text);
  const at = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff, 0xc0, 0x80]), bytes.subarray(at)]);
}

/** Repeats a key: JSON.parse keeps the last one. */
function doubled(text: string): string {
  return `${text.slice(0, -1)},"method":"tools/list","id":2}`;
}

function batch(message: Message, random: Random): string {
  const texts = Array.from({ length: random.pick([0, 1, 3, 120]) }, () =>
    random.chance(0.8) ? messageText(message) : JSON.stringify(oddValue(random)),
  );
  return `[${texts.join(',')}]`;
}

export const JSON_MUTATIONS: readonly (readonly [weight: number, mutation: JsonMutation])[] = [
  [3, { label: 'cut json', status: [400], body: message => messageText(message).slice(0, -1) }],
  [1, { label: 'json and more', status: [400], body: message => `${messageText(message)}}` }],
  [1, { label: 'empty body', status: [400], body: () => '' }],
  [1, { label: 'blanks', status: [400], body: () => ' \r\n\t' }],
  [
    1,
    {
      label: 'no json',
      status: [400],
      body: (_, random) => random.pick(['undefined', "{'a':1}", '<xml/>', 'a=b&c=d', '{"a":\u0000}']),
    },
  ],
  [
    2,
    {
      label: 'other json',
      status: [400],
      body: (_, random) => JSON.stringify(random.pick<JsonValue>(['x', 1, null, true, {}, { jsonrpc: '2.0' }])),
    },
  ],
  [
    1,
    {
      label: 'too deep',
      status: [400],
      body: message => `${messageText(message).slice(0, -1)},"x":${'['.repeat(400)}${']'.repeat(400)}}`,
    },
  ],
  [1, { label: 'deep and cut', status: [400], body: () => '[{"a":'.repeat(20_000) }],
  [1, { label: 'json-rpc 1.0', status: [400], body: message => messageText(message).replace('"2.0"', '"1.0"') }],
  [2, { label: 'batch', body: batch }],
  [2, { label: 'invalid utf-8', body: (message, random) => invalidUtf8(messageText(message), random) }],
  [1, { label: 'utf-16', status: [400], body: message => Buffer.from(messageText(message), 'utf16le') }],
  [2, { label: 'byte order mark', status: [200], body: message => `\ufeff${messageText(message)}` }],
  [2, { label: 'doubled keys', body: message => doubled(messageText(message)) }],
  [2, { label: 'blanks around', status: [200], body: message => ` \n${messageText(message)}\n\n` }],
  [
    1,
    {
      label: 'response',
      status: [202, 400],
      body: message => JSON.stringify({ jsonrpc: '2.0', id: message.id ?? 1, result: {} }),
    },
  ],
  [1, { label: 'huge numbers', body: message => messageText(message).replace(/:\s*\d+/, ':1e400') }],
];
