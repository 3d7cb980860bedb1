/** Bytes that are no longer the request they were, or no request at all. */
import type { Random } from './random.ts';
import { type RequestDraft, toBytes } from './request-draft.ts';

export interface ByteMutation {
  readonly label: string;
  readonly status?: readonly number[];
  /** Whether it is still a whole request, which an answer is owed to. */
  readonly isFramed: boolean;
  /** How many answers are owed; default 1. */
  readonly answers?: number;
  bytes(draft: RequestDraft, random: Random): Buffer;
}

function flipped(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  for (let flips = 1 + random.below(8); flips > 0; flips--) copy[random.below(copy.length)] = random.below(256);
  return copy;
}

function spliced(bytes: Buffer, random: Random): Buffer {
  const from = random.below(bytes.length);
  const until = from + random.below(bytes.length - from);
  return random.chance(0.5)
    ? Buffer.concat([bytes.subarray(0, from), bytes.subarray(until)])
    : Buffer.concat([bytes.subarray(0, until), bytes.subarray(from)]);
}

function noise(random: Random): Buffer {
  return Buffer.from(Array.from({ length: 1 + random.below(400) }, () => random.below(256)));
}

/** Says that the body has a length which it does not have. */
function withLength(draft: RequestDraft, length: string): Buffer {
  return toBytes({ ...draft, framing: 'none', headers: [...draft.headers, ['Content-Length', length]] });
}

function withHeaders(draft: RequestDraft, headers: [string, string][], body: string): Buffer {
  return toBytes({ ...draft, framing: 'none', headers: [...draft.headers, ...headers], body: Buffer.from(body) });
}

const TLS_HELLO = Buffer.from('16030100c8010000c40303', 'hex');
const HTTP2_PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export const BYTE_MUTATIONS: readonly (readonly [weight: number, mutation: ByteMutation])[] = [
  [4, { label: 'chunked', isFramed: true, status: [200], bytes: draft => toBytes({ ...draft, framing: 'chunked' }) }],
  [
    2,
    {
      label: 'small chunks',
      isFramed: true,
      status: [200],
      bytes: draft => toBytes({ ...draft, framing: 'chunked', chunkSize: 7 }),
    },
  ],
  [
    3,
    {
      label: 'pipelined',
      isFramed: true,
      status: [200],
      answers: 2,
      bytes: draft => Buffer.concat([toBytes(draft), toBytes(draft)]),
    },
  ],
  [
    1,
    {
      label: 'blank lines in front',
      isFramed: true,
      status: [200],
      bytes: draft => Buffer.concat([Buffer.from('\r\n\r\n'), toBytes(draft)]),
    },
  ],
  [
    1,
    {
      label: 'noise behind',
      isFramed: false,
      status: [200, 400],
      bytes: (draft, random) => Buffer.concat([toBytes(draft), noise(random)]),
    },
  ],
  [1, { label: 'announced too large', isFramed: true, status: [413], bytes: draft => withLength(draft, '5000000') }],
  [4, { label: 'flipped bytes', isFramed: false, bytes: (draft, random) => flipped(toBytes(draft), random) }],
  [2, { label: 'spliced', isFramed: false, bytes: (draft, random) => spliced(toBytes(draft), random) }],
  [
    2,
    {
      label: 'cut off',
      isFramed: false,
      bytes: (draft, random) => {
        const bytes = toBytes(draft);
        return bytes.subarray(0, random.below(bytes.length));
      },
    },
  ],
  [1, { label: 'length too long', isFramed: false, bytes: draft => withLength(draft, String(draft.body.length + 10)) }],
  [
    1,
    { label: 'length too short', isFramed: false, bytes: draft => withLength(draft, String(draft.body.length >> 1)) },
  ],
  [
    1,
    {
      label: 'odd length',
      isFramed: false,
      bytes: (draft, random) =>
        withLength(draft, random.pick(['-1', '1e3', '0x10', '9'.repeat(30), '', '5, 5', 'NaN'])),
    },
  ],
  [
    1,
    {
      label: 'two lengths',
      isFramed: false,
      bytes: draft =>
        withHeaders(
          draft,
          [
            ['Content-Length', '5'],
            ['Content-Length', '7'],
          ],
          draft.body.toString(),
        ),
    },
  ],
  [
    1,
    {
      label: 'length and chunks',
      isFramed: false,
      bytes: draft => toBytes({ ...draft, framing: 'chunked', headers: [...draft.headers, ['Content-Length', '5']] }),
    },
  ],
  [
    1,
    {
      label: 'broken chunks',
      isFramed: false,
      bytes: (draft, random) =>
        withHeaders(
          draft,
          [['Transfer-Encoding', 'chunked']],
          random.pick([
            'zz\r\nab\r\n0\r\n\r\n',
            '5\r\nab',
            '-1\r\n\r\n',
            'fffffffffffffffff\r\n',
            '2;ext="\r\nab\r\n0\r\n\r\n',
            '0\r\nX: y',
          ]),
        ),
    },
  ],
  [
    1,
    {
      label: 'other transfer encoding',
      isFramed: false,
      bytes: (draft, random) =>
        withHeaders(
          draft,
          [['Transfer-Encoding', random.pick(['gzip', 'chunked, chunked', 'xchunked', 'identity'])]],
          '{}',
        ),
    },
  ],
  [
    1,
    {
      label: 'bare line feeds',
      isFramed: false,
      bytes: draft => Buffer.from(toBytes(draft).toString('latin1').replaceAll('\r\n', '\n'), 'latin1'),
    },
  ],
  [
    1,
    {
      label: 'no body at all',
      isFramed: true,
      bytes: draft => toBytes({ ...draft, framing: 'none', body: Buffer.alloc(0) }),
    },
  ],
  [1, { label: 'tls', isFramed: false, bytes: () => TLS_HELLO }],
  [1, { label: 'http/2', isFramed: false, bytes: () => HTTP2_PREFACE }],
  [1, { label: 'noise', isFramed: false, bytes: (_, random) => noise(random) }],
];
