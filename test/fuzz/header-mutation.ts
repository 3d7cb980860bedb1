/** Requests whose head is odd, and what the answer must be where that is clear. */
import type { Random } from './random.ts';
import { type RequestDraft, setHeader } from './request-draft.ts';

export interface HeadMutation {
  readonly label: string;
  /** The statuses that are right; left out where it depends on the rest of the request. */
  readonly status?: readonly number[];
  /** Whether an answer is owed: false for what ends a connection. Default true. */
  readonly isAnswered?: false;
  change(draft: RequestDraft, random: Random): void;
}

const RESERVED = ['/.well-known/oauth-protected-resource', '/.well-known/x/mcp', '/authorize', '/token', '/register'];
const OPERATOR = ['/metrics', '/sse', '/messages', '/favicon.ico', '/robots.txt', '//token', '/%2ewell-known/x'];
const OTHER_TARGETS = ['/', '/mcp/', '/mcp?x=1&y', '/any/path', '/%zz', '/a%20b', '//', '/..'];
const OTHER_TYPES = [
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'x',
  'image/png',
];
const LENIENT_TYPES = ['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/json;', undefined];
const ACCEPTS = [
  undefined,
  '*/*',
  'application/json',
  'text/event-stream',
  '',
  'text/html',
  '*/*;q=0',
  ',;=,q',
  'a'.repeat(500),
];
const METHODS = ['PUT', 'PATCH', 'HEAD', 'OPTIONS', 'GET', 'DELETE', 'TRACE', 'PROPFIND', 'M-SEARCH'];

export const HEAD_MUTATIONS: readonly (readonly [weight: number, mutation: HeadMutation])[] = [
  [
    3,
    { label: 'other path', status: [200], change: (draft, random) => void (draft.target = random.pick(OTHER_TARGETS)) },
  ],
  [
    3,
    {
      label: 'lenient type',
      status: [200],
      change: (draft, random) => setHeader(draft, 'Content-Type', random.pick(LENIENT_TYPES)),
    },
  ],
  [
    4,
    {
      label: 'accept',
      status: [200, 406],
      change: (draft, random) => setHeader(draft, 'Accept', random.pick(ACCEPTS)),
    },
  ],
  [2, { label: 'claude origin', status: [200], change: draft => setHeader(draft, 'Origin', 'https://claude.ai') }],
  [2, { label: 'http/1.0', status: [200], change: draft => void (draft.version = 'HTTP/1.0') }],
  [2, { label: 'expect continue', status: [200], change: draft => setHeader(draft, 'Expect', '100-continue') }],
  [
    2,
    {
      label: 'upgrade',
      status: [200],
      change: draft => draft.headers.push(['Connection', 'Upgrade'], ['Upgrade', 'websocket']),
    },
  ],
  [
    2,
    {
      label: 'many headers',
      status: [200],
      change: draft =>
        draft.headers.push(...Array.from({ length: 300 }, (_, n) => [`X-${n}`, 'v'] as [string, string])),
    },
  ],
  [
    3,
    { label: 'reserved path', status: [404], change: (draft, random) => void (draft.target = random.pick(RESERVED)) },
  ],
  [
    1,
    { label: 'operator path', status: [404], change: (draft, random) => void (draft.target = random.pick(OPERATOR)) },
  ],
  [
    3,
    {
      label: 'other type',
      status: [415],
      change: (draft, random) => setHeader(draft, 'Content-Type', random.pick(OTHER_TYPES)),
    },
  ],
  [
    2,
    {
      label: 'foreign host',
      status: [403],
      change: (draft, random) =>
        setHeader(draft, 'Host', random.pick(['evil.example', '127.0.0.1.evil.example:80', 'a'])),
    },
  ],
  [1, { label: 'no host', status: [400, 403], change: draft => setHeader(draft, 'Host', undefined) }],
  [
    1,
    { label: 'two hosts', status: [400, 403], change: draft => void draft.headers.unshift(['Host', 'evil.example']) },
  ],
  [
    2,
    {
      label: 'foreign origin',
      status: [403],
      change: (draft, random) =>
        setHeader(draft, 'Origin', random.pick(['https://evil.example', 'null', 'x', 'http://'])),
    },
  ],
  [3, { label: 'method', change: (draft, random) => void (draft.method = random.pick(METHODS)) }],
  [1, { label: 'connect', isAnswered: false, change: draft => void (draft.method = 'CONNECT') }],
  [1, { label: 'no such method', isAnswered: false, change: draft => void (draft.method = 'FUZZ') }],
  [1, { label: 'http/9', isAnswered: false, change: draft => void (draft.version = 'HTTP/9.9') }],
  [1, { label: 'expect other', status: [400, 417], change: draft => setHeader(draft, 'Expect', 'the-unexpected') }],
  [
    1,
    {
      label: 'encoded body',
      status: [200, 202, 400, 404, 415],
      change: draft => setHeader(draft, 'Content-Encoding', 'gzip'),
    },
  ],
  [1, { label: 'huge header', status: [431], change: draft => setHeader(draft, 'X-Huge', 'a'.repeat(70_000)) }],
  [1, { label: 'huge url', status: [414, 431], change: draft => void (draft.target = `/${'a'.repeat(70_000)}`) }],
  [
    1,
    {
      label: 'bytes in a header',
      change: (draft, random) => setHeader(draft, 'X-Odd', random.pick(['\u0001', '\u007f', '\u00ff', '\u0000'])),
      isAnswered: false,
    },
  ],
  [1, { label: 'odd header name', change: draft => draft.headers.push(['X Odd', 'v']), isAnswered: false }],
  [
    3,
    {
      label: 'other protocol version',
      change: (draft, random) =>
        setHeader(
          draft,
          'MCP-Protocol-Version',
          random.pick(['2024-11-05', '2025-06-18', '1999-01-01', '', 'x'.repeat(300), '\u00e9']),
        ),
    },
  ],
  [
    2,
    {
      label: 'other Mcp-Method',
      change: (draft, random) => setHeader(draft, 'Mcp-Method', random.pick(['tools/list', '', 'x'])),
    },
  ],
  [
    2,
    {
      label: 'other Mcp-Name',
      change: (draft, random) => setHeader(draft, 'Mcp-Name', random.pick(['nobody', '', '=?base64?%%?='])),
    },
  ],
  [
    1,
    {
      label: 'session id',
      change: (draft, random) => setHeader(draft, 'Mcp-Session-Id', random.pick(['x', '\u00e9', 'a'.repeat(5000)])),
    },
  ],
  [1, { label: 'raw byte in the path', status: [400], change: draft => void (draft.target = '/\u00e9') }],
  [1, { label: 'last event id', status: [200], change: draft => setHeader(draft, 'Last-Event-ID', '0') }],
  [1, { label: 'authorization', change: draft => setHeader(draft, 'Authorization', 'Bearer \u00ff') }],
];
