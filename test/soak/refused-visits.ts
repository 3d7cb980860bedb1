/** Requests that have to be refused, each with the right status, and calls that are sent twice. */
import assert from 'node:assert/strict';
import { legacy, modern, type Prepared } from '../support/mcp-post.ts';
import { RawConnection } from '../support/raw-connection.ts';
import type { Caller, Sending } from './caller.ts';
import type { Visit } from './visit.ts';

type Refused = readonly [status: number, sending: Sending];

const JSON_TYPE = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** A good request, with something wrong about it. */
function spoilt(change: {
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly path?: string;
}): Sending {
  const { headers, body }: Prepared = modern('tools/call', { name: 'echo', arguments: { mark: 'refused' } });
  return { ...change, headers: { ...headers, ...change.headers }, body: change.body ?? body };
}

const GET = { method: 'GET', headers: { accept: 'text/event-stream' } } as const;

const REFUSED: readonly Refused[] = [
  [403, spoilt({ headers: { host: 'elsewhere.example' } })],
  [403, spoilt({ headers: { origin: 'https://elsewhere.example' } })],
  [404, spoilt({ path: '/authorize' })],
  [415, spoilt({ headers: { 'content-type': 'text/plain' } })],
  [400, spoilt({ body: '{"jsonrpc":"2.0","id":1,' })],
  [400, spoilt({ body: '['.repeat(2_000) + ']'.repeat(2_000) })],
  [400, spoilt({ headers: { 'mcp-name': 'another' } })],
  [400, spoilt({ headers: { 'mcp-protocol-version': '1999-01-01' } })],
  [404, modern('no/such/method')],
  [405, GET],
  [404, { ...GET, headers: { ...GET.headers, 'mcp-session-id': 'forged' } }],
  [404, { ...legacy('tools/list'), headers: { ...JSON_TYPE, 'mcp-session-id': 'forged' } }],
  [405, { method: 'DELETE', headers: {} }],
];

async function refused(caller: Caller): Promise<void> {
  const [status, sending] = REFUSED[caller.between(0, REFUSED.length - 1)]!;
  const reply = await caller.send(sending);
  const text = await reply.text();
  assert.equal(reply.status, status, `${JSON.stringify(sending).slice(0, 200)}: ${text.slice(0, 200)}`);
}

/** Written by hand, since no client would send it: what the parser refuses, and sizes. */
async function refusedBytes(caller: Caller): Promise<void> {
  const { port, tally } = caller.parts;
  const head = `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n`;
  const [status, bytes] = (
    [
      [400, 'not HTTP at all\r\n\r\n'],
      [413, `${head}content-length: 5000000\r\n\r\n{`],
      [431, `${head}x-large: ${'x'.repeat(20_000)}\r\n\r\n`],
      [400, `${head}content-length: 3\r\ncontent-length: 4\r\n\r\n{}`],
    ] as const
  )[caller.between(0, 3)]!;
  const connection = await RawConnection.open(port);
  caller.signal.addEventListener('abort', () => connection.close());
  tally.requests++;
  connection.write(bytes);
  const answer = await connection.answer();
  assert.equal(answer.status, status, `${bytes.slice(0, 100)}: ${answer.body}`);
  connection.close();
}

/** More than the limit, not announced: it is known only once it has come. */
async function oversize(caller: Caller): Promise<void> {
  const { headers } = modern('tools/list');
  const body = ' '.repeat(4 * 1024 * 1024 + 1);
  const reply = await caller.send({ headers: { ...headers, 'transfer-encoding': 'chunked' }, body }, true);
  await reply.text();
  assert.equal(reply.status, 413);
}

/** A connection for one call, as clients without keep-alive have it. */
async function ownConnection(caller: Caller): Promise<void> {
  const reply = await caller.send(spoilt({ headers: { connection: 'close' } }), true);
  const { result } = JSON.parse(await reply.text());
  assert.equal(result.content[0].text, 'refused');
}

export const REFUSED_VISITS: readonly Visit[] = [
  { name: 'refused request', perSecond: 10, run: refused },
  { name: 'refused bytes', perSecond: 3, run: refusedBytes },
  { name: 'body beyond the limit', perSecond: 0.2, run: oversize },
  { name: 'connection for one call', perSecond: 5, run: ownConnection },
];
