// Every way to be refused at the edge: its status, when to come back, a coded error of JSON-RPC, and nothing done for it.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createMcpHandler, requireScopes, type ServeOptions, SlipwayError } from 'slipway';
import { memoryState } from '../../src/state/memory/state.ts';
import { legacy, modern, type Prepared, send } from '../support/mcp-post.ts';
import { postBytes, type RawAnswer, RawConnection } from '../support/raw-connection.ts';
import { eventually } from '../support/serving.ts';
import { batch, call, type EdgeServing, edgeMounted, edgeServing, legacyCall } from './edge-server.ts';

interface Row {
  readonly what: string;
  readonly status: number;
  readonly code: string;
  /** The number of JSON-RPC; default: an invalid request. */
  readonly rpcCode?: number;
  /** Whether the answer says when to come back. */
  readonly retryAfter?: true;
  /** Whether the connection ends with it. */
  readonly closes?: true;
  readonly options?: ServeOptions;
  readonly request: Prepared | string;
  /** Whether the body has to be read for that; default: the answer comes without. */
  readonly reads?: true;
  /** What has to have happened before. */
  readonly before?: (serving: EdgeServing) => Promise<void>;
}

const INVALID = -32600;
const OURS = -32603;

const plain = call('plain');
const large: Prepared = { headers: plain.headers, body: ' '.repeat(2_000) };
const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n`;

const used = async ({ url }: EdgeServing): Promise<void> => {
  await (await send(url, plain)).arrayBuffer();
};
const known = async (serving: EdgeServing): Promise<void> => {
  for (let count = 0; count < 2; count++) await used(serving);
};
const occupied = async ({ edge, url }: EdgeServing): Promise<void> => {
  void send(url, call('wait')).then(response => response.arrayBuffer());
  await eventually(() => edge.waiting === 1, 'a call that waits');
};

const ROWS: readonly Row[] = [
  { what: 'another host', status: 403, code: 'SLIP_HOST_REFUSED', request: call('plain', { host: 'evil.example' }) },
  {
    what: 'another origin',
    status: 403,
    code: 'SLIP_ORIGIN_REFUSED',
    request: call('plain', { origin: 'https://evil.example' }),
  },
  { what: 'a method that is not offered', status: 405, code: 'SLIP_HTTP_METHOD', request: get('/mcp') },
  {
    what: 'a body that does not arrive',
    status: 408,
    code: 'SLIP_SLOW_SENDER',
    closes: true,
    options: { bodyTimeoutMs: 100 },
    request: plain,
  },
  {
    what: 'headers that do not arrive',
    status: 408,
    code: 'SLIP_SLOW_SENDER',
    closes: true,
    options: { bodyTimeoutMs: 100 },
    request: 'POST / HTTP/1.1\r\nhost: localhost\r\n',
  },
  {
    what: 'a body that says that it is too large',
    status: 413,
    code: 'SLIP_BODY_TOO_LARGE',
    options: { maxBodyBytes: 1_000 },
    request: large,
  },
  {
    what: 'a body that is too large and did not say so',
    status: 413,
    code: 'SLIP_BODY_TOO_LARGE',
    options: { maxBodyBytes: 1_000 },
    request: `POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n7d0\r\n${large.body}\r\n`,
  },
  {
    what: 'another media type',
    status: 415,
    code: 'SLIP_MEDIA_TYPE',
    request: call('plain', { 'content-type': 'text/plain' }),
  },
  {
    what: 'another expectation',
    status: 417,
    code: 'SLIP_EXPECTATION',
    closes: true,
    request: call('plain', { expect: 'miracles' }),
  },
  {
    what: 'an allowance that is known to be used up',
    status: 429,
    code: 'SLIP_RATE_LIMITED',
    retryAfter: true,
    options: { rateLimitPerAddress: '1/1h' },
    before: known,
    request: plain,
  },
  {
    what: 'an allowance that this call uses up',
    status: 429,
    code: 'SLIP_RATE_LIMITED',
    retryAfter: true,
    options: { rateLimitPerAddress: '1/1h' },
    before: used,
    request: plain,
    reads: true,
  },
  {
    what: "a tool's allowance that is used up",
    status: 429,
    code: 'SLIP_RATE_LIMITED',
    retryAfter: true,
    options: { rateLimitPerTool: '1/1h' },
    before: used,
    request: legacyCall('plain'),
    reads: true,
  },
  {
    what: 'a stream for who has used the allowance up',
    status: 429,
    code: 'SLIP_RATE_LIMITED',
    retryAfter: true,
    options: { rateLimitPerAddress: '1/1h', httpSse: true },
    before: used,
    request: get('/sse', 'accept: text/event-stream\r\n'),
  },
  {
    what: 'a caller with as many calls as may be',
    status: 429,
    code: 'SLIP_CALLER_BUSY',
    retryAfter: true,
    options: { maxConcurrentPerCaller: 1 },
    before: occupied,
    request: plain,
  },
  {
    what: 'a batch that its caller has no room for',
    status: 429,
    code: 'SLIP_CALLER_BUSY',
    retryAfter: true,
    options: { maxConcurrentPerCaller: 2 },
    before: occupied,
    request: batch([legacyCall('plain', {}, 1), legacyCall('plain', {}, 2)]),
    reads: true,
  },
  {
    what: 'headers that are too large',
    status: 431,
    code: 'SLIP_HEADERS_TOO_LARGE',
    closes: true,
    options: { maxHeaderBytes: 2_000 },
    request: call('plain', { 'x-large': 'h'.repeat(3_000) }),
  },
  {
    what: 'a server with as many calls as may be',
    status: 503,
    code: 'SLIP_OVERLOADED',
    rpcCode: OURS,
    retryAfter: true,
    options: { maxConcurrentRequests: 1 },
    before: occupied,
    request: plain,
  },
  {
    what: 'a batch that there is no room for',
    status: 503,
    code: 'SLIP_OVERLOADED',
    rpcCode: OURS,
    retryAfter: true,
    options: { maxConcurrentRequests: 2 },
    before: occupied,
    request: batch([legacyCall('plain', {}, 1), legacyCall('plain', {}, 2)]),
    reads: true,
  },
  {
    what: 'one stream too many',
    status: 503,
    code: 'SLIP_STREAM_LIMIT',
    rpcCode: OURS,
    retryAfter: true,
    options: { maxSubscriptions: 1, httpSse: true },
    before: async ({ url }) => {
      await fetch(new URL('/sse', url), { headers: { accept: 'text/event-stream' } });
    },
    request: get('/sse', 'accept: text/event-stream\r\n'),
  },
  {
    what: 'bytes that are not HTTP',
    status: 400,
    code: 'SLIP_NOT_HTTP',
    closes: true,
    request: '\x16\x03\x01\x02\r\n',
  },
];

/** Sends a request without its body, unless that is read. */
async function asked(t: TestContext, port: number, { request, reads }: Row): Promise<[RawAnswer, RawConnection]> {
  const connection = await RawConnection.open(port);
  t.after(() => connection.close());
  if (typeof request === 'string') connection.write(request);
  else connection.write(reads ? postBytes(request) : postBytes(request).slice(0, -request.body.length));
  return [await connection.answer(), connection];
}

function assertRefusal({ status, code, rpcCode = INVALID, retryAfter }: Row, answer: RawAnswer): void {
  assert.equal(answer.status, status, answer.body);
  assert.equal(answer.headers['content-type'], 'application/json');
  const { jsonrpc, id, error } = JSON.parse(answer.body);
  assert.deepEqual([jsonrpc, error.code, error.data.code], ['2.0', rpcCode, code]);
  assert.ok(id === null || id === 1, String(id));
  // What happened, and what to do.
  assert.match(error.message, /^[A-Z].+[.;] [A-Za-z].+$/);
  assert.doesNotMatch(answer.body, /\bat .*\.ts:|node:internal/);
  if (retryAfter) assert.match(answer.headers['retry-after'] ?? '', /^[1-9]\d*$/);
  else assert.equal(answer.headers['retry-after'], undefined);
}

for (const row of ROWS) {
  const { what, status, closes, options = {}, before } = row;
  test(`${status} for ${what}`, async t => {
    const serving = await edgeServing(t, options);
    await before?.(serving);
    const called = serving.edge.called.length;
    const [answer, connection] = await asked(t, serving.port, row);
    assertRefusal(row, answer);
    assert.equal(serving.edge.called.length, called, 'a handler ran');
    if (closes) await connection.untilClosed();
  });
}

test('a request that is not refused is asked for its body and its handler runs', async t => {
  const { edge, port } = await edgeServing(t);
  const { headers, body } = call('plain', { expect: '100-continue' });
  const connection = await RawConnection.open(port);
  t.after(() => connection.close());
  connection.write(postBytes({ headers, body }).slice(0, -body.length));
  assert.equal((await connection.answer()).status, 100);
  assert.deepEqual(edge.called, []);
  connection.write(body);
  assert.equal((await connection.answer()).status, 200);
  assert.deepEqual(edge.called, ['plain']);
});

test('after a refusal the connection goes on with the next request, and the body is not taken for one', async t => {
  const { edge, port } = await edgeServing(t, { maxBodyBytes: 1_000 });
  const connection = await RawConnection.open(port);
  t.after(() => connection.close());
  const smuggled = postBytes(call('plain'));
  const body = smuggled.padEnd(2_000);
  connection.write(postBytes({ headers: plain.headers, body }));
  assert.equal((await connection.answer()).status, 413);
  connection.write(postBytes(call('other')));
  assert.equal((await connection.answer()).status, 200);
  assert.deepEqual(edge.called, ['other']);
});

test('503 for a server that stops, to who has a connection left', async t => {
  const serving = await edgeMounted(t);
  await occupied(serving);
  const closing = serving.close();
  const row: Row = {
    what: 'a server that stops',
    status: 503,
    code: 'SLIP_STOPPING',
    rpcCode: OURS,
    retryAfter: true,
    request: plain,
  };
  const [answer, connection] = await asked(t, serving.port, row);
  assertRefusal(row, answer);
  assert.equal(answer.headers['connection'], 'close');
  await connection.untilClosed();
  serving.edge.release();
  await closing;
});

test('503 for the end of a session that the store does not take', async t => {
  const state = memoryState();
  const { url, port } = await edgeServing(t, { state });
  const initialize = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
  const session = (await send(url, legacy('initialize', initialize))).headers.get('mcp-session-id');
  t.mock.method(state.sessions, 'terminate', () => {
    throw new SlipwayError('SLIP_STORE_UNAVAILABLE', { why: 'the disk is full' });
  });
  const row: Row = {
    what: 'a store that takes nothing',
    status: 503,
    code: 'SLIP_STORE_UNAVAILABLE',
    rpcCode: OURS,
    retryAfter: true,
    request: `DELETE /mcp HTTP/1.1\r\nhost: localhost\r\nmcp-session-id: ${session}\r\n\r\n`,
  };
  const [answer] = await asked(t, port, row);
  assertRefusal(row, answer);
});

test('403 for a scope that is missing is the one of OAuth: WWW-Authenticate says which', async t => {
  const { edge, url } = await edgeMounted(t);
  edge.mcp.registerTool('publish', { scopeChallenge: requireScopes('write') }, () => 'published');
  const response = await send(url, call('publish', { 'x-user': 'ann' }));
  assert.equal(response.status, 403);
  assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer .*scope="write"/);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.deepEqual(await response.json(), { error: 'insufficient_scope', error_description: 'Insufficient scope' });
});

test('a fetch host refuses in the same words', async t => {
  const { mcp } = (await edgeMounted(t)).edge;
  const handler = createMcpHandler(mcp, { maxBodyBytes: 1_000, rateLimitPerPrincipal: '2/1h' });
  t.after(() => handler.close());
  const authInfo = { token: 'of ann', clientId: 'app', scopes: [], extra: { sub: 'ann' } };
  const ask = async ({ headers, body }: Prepared) => {
    const request = new Request('http://localhost/mcp', { method: 'POST', headers, body });
    const response = await handler.fetch(request, { authInfo });
    const { error } = (await response.json()) as { error?: { data: { code: string } } };
    return [response.status, error?.data.code, response.headers.get('retry-after') !== null];
  };
  // Nothing says there how large it is: it is read, and counts.
  assert.deepEqual(await ask(large), [413, 'SLIP_BODY_TOO_LARGE', false]);
  assert.deepEqual(await ask(modern('tools/list')), [200, undefined, false]);
  assert.deepEqual(await ask(modern('tools/list')), [429, 'SLIP_RATE_LIMITED', true]);
});
