import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer, serve } from 'slipway';
import { answerIn } from '../support/mcp-post.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { serving } from '../support/serving.ts';
import { refusalOf, SessionClient } from '../support/session-client.ts';
import { onEachDriver } from '../support/state-place.ts';

function server(): McpServer {
  const made = new McpServer({ name: 'streaming', version: '1.0.0' });
  made.registerTool('hello', {}, () => 'hello');
  made.registerTool('let-go', {}, ctx => {
    ctx.http?.closeStandaloneSSE?.();
    return 'let go';
  });
  return made;
}

onEachDriver(
  'a GET with a session id opens a stream, which is told what a proxy must not do with it',
  async (_t, place) => {
    const { url } = await place.serve(server());
    const client = await SessionClient.begin(url);
    const stream = await client.open();
    const { headers } = stream.response;
    assert.equal(headers.get('cache-control'), 'no-cache, no-transform');
    assert.equal(headers.get('x-accel-buffering'), 'no');
    assert.equal(headers.get('content-length'), null);
    await stream.cut();
  },
);

for (const [version, primes] of [
  ['2025-03-26', false],
  ['2025-06-18', false],
  ['2025-11-25', true],
] as const) {
  onEachDriver(
    `${version}: a new stream ${primes ? 'begins with a priming event' : 'has no priming event'}`,
    async (_t, place) => {
      const made = server();
      const { url } = await place.serve(made, { retryMs: 1234 });
      const client = await SessionClient.begin(url, { version });
      const stream = await client.open();
      made.sendToolListChanged();
      const events = [];
      do {
        const event = await stream.next();
        if (event?.comment === undefined) events.push(event);
      } while (!events.at(-1)?.data);
      assert.ok(events.every(event => event?.id !== undefined));
      const [first, second] = events;
      if (primes) assert.deepEqual([first?.data, first?.retry], ['', 1234]);
      assert.equal(events.length, primes ? 2 : 1);
      assert.equal(JSON.parse((primes ? second : first)!.data!).method, 'notifications/tools/list_changed');
      await stream.cut();
    },
  );
}

for (const version of ['2025-06-18', '2025-11-25']) {
  test(`${version}: a silent stream is kept open`, async t => {
    const { url } = await serving(t, server(), { keepAliveMs: 40 });
    const client = await SessionClient.begin(url, { version });
    const stream = await client.open();
    await stream.next();
    if (version === '2025-11-25') await stream.next();
    for (let n = 0; n < 3; n++) {
      const beat = await stream.next();
      if (version === '2025-06-18') assert.notEqual(beat?.comment, undefined);
      else assert.deepEqual([beat?.data, typeof beat?.id], ['', 'string'], 'the id moves on, or it is trimmed one day');
    }
    await stream.cut();
  });
}

test('a client that does not read event streams gets no stream: 406', async t => {
  const { url } = await serving(t, server());
  const client = await SessionClient.begin(url);
  for (const accept of ['application/json', 'text/html', 'text/event-stream;q=0']) {
    const response = await client.get({ accept });
    assert.equal(response.status, 406, accept);
    assert.equal((await answerIn(response)).error?.code, -32600);
  }
  for (const accept of ['text/event-stream', '*/*', 'application/json, text/event-stream']) {
    const response = await client.get({ accept });
    assert.equal(response.status, 200, accept);
    await response.body?.cancel();
  }
});

onEachDriver('of two streams of a session the newer one is read; the older one is ended', async (_t, place) => {
  const made = server();
  const { url } = await place.serve(made);
  const client = await SessionClient.begin(url);
  const other = await SessionClient.begin(url);
  const [first, others] = [await client.open(), await other.open()];
  await first.next();
  await others.next();
  const second = await client.open();
  assert.ok(
    (await first.rest()).every(({ data }) => data === ''),
    'the first ends',
  );
  made.sendToolListChanged();
  assert.equal((await second.message()).method, 'notifications/tools/list_changed');
  assert.equal((await others.message()).method, 'notifications/tools/list_changed', 'another session keeps its own');
  assert.deepEqual(second.waiting(), []);
  await Promise.all([second.cut(), others.cut()]);
});

onEachDriver(
  'the newer one may be at another process',
  async (_t, place) => {
    const made = new McpServer({ name: 'shared', version: '1.0.0' }, { secrets: ['x'.repeat(32)] });
    const one = await place.serve(made);
    const other = await place.serve(made);
    const client = await SessionClient.begin(one.url);
    const first = await client.open();
    await first.next();
    const second = await client.at(other.url).open();
    assert.ok((await first.rest()).every(({ data }) => data === ''));
    await second.cut();
  },
  ['sqlite'],
);

onEachDriver('closeStandaloneSSE ends the stream, and says when to come back', async (_t, place) => {
  const { url } = await place.serve(server(), { retryMs: 77 });
  const client = await SessionClient.begin(url);
  const stream = await client.open();
  const priming = await stream.next();
  await client.call('let-go');
  assert.deepEqual(
    (await stream.rest()).filter(({ data }) => data !== ''),
    [{ retry: 77 }],
  );
  const again = await client.open(priming?.id);
  await again.cut();
});

test('more streams than may be open are refused, and whoever leaves makes room', async t => {
  const { url } = await serving(t, server(), { maxSubscriptions: 2 });
  const clients = await Promise.all([1, 2, 3].map(() => SessionClient.begin(url)));
  const open = [await clients[0]!.open(), await clients[1]!.open()];
  const refused = await clients[2]!.get();
  assert.equal(refused.headers.get('retry-after'), '1');
  assert.deepEqual(await refusalOf(refused), [503, 'SLIP_STREAM_LIMIT']);
  await open[0]!.cut();
  let third: Response | undefined;
  for (let attempt = 0; attempt < 50 && third?.status !== 200; attempt++) {
    await third?.text();
    third = await clients[2]!.get();
  }
  assert.equal(third?.status, 200);
  await Promise.all([third?.body?.cancel(), open[1]!.cut()]);
});

test('streams come and go where two may be open', async t => {
  const { url } = await serving(t, server(), { maxSubscriptions: 2 });
  const client = await SessionClient.begin(url);
  for (let round = 0; round < 100; round++) {
    let response = await client.get();
    // The ones before are ended by the claim of this one, or left by their client, a moment later.
    for (let attempt = 0; attempt < 50 && response.status !== 200; attempt++) {
      await response.text();
      response = await client.get();
    }
    assert.equal(response.status, 200, `round ${round}`);
    const left = response.body?.cancel();
    if (round % 2 === 0) await left;
  }
});

test('a page of an allowed origin may read the stream; one of another may not', async t => {
  const { url } = await serving(t, server());
  const client = await SessionClient.begin(url);
  const response = await client.get({ origin: 'https://claude.ai' });
  assert.equal(response.headers.get('access-control-allow-origin'), 'https://claude.ai');
  assert.match(response.headers.get('access-control-expose-headers') ?? '', /mcp-session-id/i);
  await response.body?.cancel();
  assert.deepEqual(await refusalOf(await client.get({ origin: 'https://evil.example' })), [403, 'SLIP_ORIGIN_REFUSED']);
  const preflight = await fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://claude.ai',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'last-event-id, mcp-session-id',
    },
  });
  assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /GET.*DELETE/);
  assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /Mcp-Session-Id.*Last-Event-ID/i);
});

test('when the server stops, a stream ends in good order: a retry time, then the end of the body', async () => {
  const running = await serve(server(), { port: 0, retryMs: 321 });
  const client = await SessionClient.begin(running.url);
  const raw = await RawConnection.open(running.port);
  raw.write(
    `GET /mcp HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\nmcp-session-id: ${client.sessionId}\r\n\r\n`,
  );
  await raw.untilReceived('data: \n\n');
  const stopped = performance.now();
  await running.close({ graceMs: 5_000 });
  assert.ok(performance.now() - stopped < 1_000, 'streams are not waited for');
  await raw.untilClosed();
  assert.match(raw.received, /transfer-encoding: chunked/i);
  const [, retry] = /retry: (\d+)\n\n\r\n0\r\n\r\n$/.exec(raw.received) ?? [];
  assert.ok(Number(retry) >= 321 && Number(retry) <= 642, raw.received.slice(-60));
});

test('a client that leaves is not written to, and the connection of one that stays carries the next request', async t => {
  const { url, port } = await serving(t, server());
  const client = await SessionClient.begin(url);
  const raw = await RawConnection.open(port);
  const head = `host: localhost\r\nmcp-session-id: ${client.sessionId}\r\n`;
  raw.write(`GET /mcp HTTP/1.1\r\n${head}accept: text/event-stream\r\n\r\n`);
  await raw.untilReceived('data: \n\n');
  await client.call('let-go');
  await raw.untilReceived('0\r\n\r\n');
  raw.write(`DELETE /mcp HTTP/1.1\r\n${head}\r\n`);
  await raw.untilReceived('HTTP/1.1 204');
  raw.socket.destroy();
});
