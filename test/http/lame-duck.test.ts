/** The time before a stop in which calls are still answered, each with the end of its connection. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer, type RunningServer, type ServeOptions } from 'slipway';
import { OpenStream } from '../support/event-stream.ts';
import { modern, send } from '../support/mcp-post.ts';
import { postBytes, RawConnection } from '../support/raw-connection.ts';
import { eventually, serving } from '../support/serving.ts';
import { SessionClient } from '../support/session-client.ts';

function echo(): McpServer {
  const server = new McpServer({ name: 'duck', version: '1.0.0' });
  server.registerTool('echo', {}, () => 'echo');
  return server;
}

const CALL = postBytes(modern('tools/call', { name: 'echo' }));

async function probe(running: RunningServer, path: string): Promise<number> {
  const response = await fetch(new URL(path, running.url), { headers: { connection: 'close' } });
  await response.text();
  return response.status;
}

/** A connection that has been used, and stays open. */
async function kept(t: TestContext, running: RunningServer): Promise<RawConnection> {
  const connection = await RawConnection.open(running.port);
  t.after(() => connection.close());
  connection.write(CALL);
  const answer = await connection.answer();
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['connection'], 'keep-alive');
  return connection;
}

const lame = (t: TestContext, options: ServeOptions = {}) => serving(t, echo(), { lameDuckMs: 5_000, ...options });

test('calls on open connections are answered with 200 and Connection: close; it ends with the last connection', async t => {
  const running = await lame(t);
  const connections = [await kept(t, running), await kept(t, running), await kept(t, running)];
  const begun = performance.now();
  const closing = running.close({ keepAccepting: false });
  for (const connection of connections) {
    connection.write(CALL);
    const answer = await connection.answer();
    assert.equal(answer.status, 200);
    assert.match(answer.body, /echo/);
    assert.equal(answer.headers['connection'], 'close');
    await connection.untilClosed();
  }
  await closing;
  assert.ok(performance.now() - begun < 2_000, 'it does not wait for its time to pass');
});

test('alone on its port it goes on accepting, and says that it is not ready; taken over, it does not accept', async t => {
  const alone = await lame(t, { lameDuckMs: 400 });
  await kept(t, alone);
  assert.equal(await probe(alone, '/readyz'), 200);
  const closing = alone.close();
  assert.equal(await probe(alone, '/readyz'), 503);
  assert.equal(await probe(alone, '/healthz'), 200);
  const late = await RawConnection.open(alone.port);
  late.write(CALL);
  assert.equal((await late.answer()).status, 200);
  await late.untilClosed();
  await closing;
  await assert.rejects(RawConnection.open(alone.port), { code: 'ECONNREFUSED' });

  const taken = await lame(t, { lameDuckMs: 300 });
  await kept(t, taken);
  const ending = taken.close({ keepAccepting: false });
  await assert.rejects(RawConnection.open(taken.port), { code: 'ECONNREFUSED' });
  await ending;
});

test('a connection that stays idle is closed when the time is over', async t => {
  const running = await lame(t, { lameDuckMs: 150 });
  const connection = await kept(t, running);
  const begun = performance.now();
  const closing = running.close();
  await connection.untilClosed();
  assert.ok(performance.now() - begun >= 140, 'not before');
  await closing;
});

test('a connection that was opened at the very end still gets its first call answered', async t => {
  const running = await lame(t, { lameDuckMs: 150 });
  await kept(t, running);
  const closing = running.close();
  const late = await RawConnection.open(running.port);
  t.after(() => late.close());
  await new Promise(resolve => setTimeout(resolve, 300));
  await assert.rejects(RawConnection.open(running.port), { code: 'ECONNREFUSED' });
  late.write(CALL);
  const answer = await late.answer();
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['connection'], 'close');
  await closing;
});

test('streams end at once where others take over, and at the end of the time where nobody does', async t => {
  for (const keepAccepting of [false, true]) {
    const running = await lame(t, { lameDuckMs: 400 });
    const params = { notifications: { toolsListChanged: true } };
    const stream = new OpenStream(await send(running.url, modern('subscriptions/listen', params, { id: 1 })));
    await stream.next();
    await kept(t, running);
    const begun = performance.now();
    const closing = running.close({ keepAccepting });
    const [completion] = await stream.rest();
    const ms = performance.now() - begun;
    assert.equal(completion.result.resultType, 'complete');
    assert.ok(keepAccepting ? ms >= 390 : ms < 300, `${ms} ms`);
    await closing;
  }
});

test('no stream is opened any more: 503 with Retry-After, so that its client goes elsewhere', async t => {
  const running = await lame(t, { lameDuckMs: 400 });
  const client = await SessionClient.begin(running.url);
  await kept(t, running);
  const closing = running.close();
  const get = await fetch(running.url, {
    headers: {
      accept: 'text/event-stream',
      'mcp-session-id': client.sessionId,
      'mcp-protocol-version': client.version,
    },
  });
  const params = { notifications: { toolsListChanged: true } };
  const listen = await send(running.url, modern('subscriptions/listen', params, { id: 1 }));
  for (const refused of [get, listen]) {
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get('retry-after'), '1');
    assert.match(await refused.text(), /SLIP_STOPPING/);
  }
  await closing;
});

test('hooks run in order: start before it listens, stop when the last call has ended, in reverse', async t => {
  const order: string[] = [];
  const server = echo();
  const finish = Promise.withResolvers<void>();
  t.after(() => finish.resolve());
  server.registerTool('slow', {}, async () => {
    order.push('call');
    await finish.promise;
    order.push('answer');
    return 'done';
  });
  server.onStart(() => void order.push('start 1'));
  server.onStart(async () => void order.push('start 2'));
  server.onStop(() => void order.push('stop 1'));
  server.onStop(() => {
    order.push('stop 2');
    throw new Error('ignored');
  });
  const running = await serving(t, server, { logger: { debug() {}, info() {}, warn() {}, error() {} } });
  order.push('listens');
  const answer = send(running.url, modern('tools/call', { name: 'slow' }));
  await eventually(() => order.includes('call'));
  const closing = running.close();
  await new Promise(resolve => setTimeout(resolve, 50));
  finish.resolve();
  await (await answer).text();
  await closing;
  assert.deepEqual(order, ['start 1', 'start 2', 'listens', 'call', 'answer', 'stop 2', 'stop 1']);
});

test('a start hook that fails or takes too long keeps the server from starting, and says so', async t => {
  const failing = echo();
  failing.onStart(() => Promise.reject(new Error('no database at db.internal')), { name: 'database' });
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  await assert.rejects(serving(t, failing, { logger: quiet }), { code: 'SLIP_HOOK_FAILED', message: /database/ });
  const slow = echo();
  let aborted = false;
  slow.onStart(signal => new Promise(() => signal.addEventListener('abort', () => (aborted = true))), {
    timeoutMs: 30,
  });
  await assert.rejects(serving(t, slow, { logger: quiet }), { code: 'SLIP_HOOK_TIMEOUT' });
  assert.equal(aborted, true);
});

test('readiness follows the checks of the author; the public answer does not say why', async t => {
  const server = echo();
  let up = true;
  server.addReadinessCheck('database', () => {
    if (!up) throw new Error('secret-host refused');
  });
  const running = await serving(t, server);
  assert.equal(await probe(running, '/readyz'), 200);
  up = false;
  await new Promise(resolve => setTimeout(resolve, 1_050));
  const response = await fetch(new URL('/readyz', running.url));
  assert.equal(response.status, 503);
  assert.equal(await response.text(), '{"status":"not ready"}\n');
  const report = await running.readiness();
  assert.deepEqual(
    report.checks.filter(({ ok }) => !ok).map(({ name, why }) => [name, why]),
    [['database', 'secret-host refused']],
  );
  assert.equal(await probe(running, '/healthz'), 200, 'it lives all the same');
});

test('probes pass the Host guard, and take GET and HEAD only', async t => {
  const running = await serving(t, echo(), { allowedHosts: ['mcp.example.com'] });
  const connection = await RawConnection.open(running.port);
  t.after(() => connection.close());
  connection.write(
    'HEAD /healthz HTTP/1.1\r\nhost: 10.1.2.3\r\n\r\nGET /readyz?x=1 HTTP/1.1\r\nhost: 10.1.2.3\r\n\r\n',
  );
  await connection.untilReceived('{"status":"ready"}');
  assert.match(connection.received, /^HTTP\/1\.1 200 OK\r\n[\s\S]*?\r\n\r\nHTTP\/1\.1 200 OK/, 'HEAD has no body');
  const posted = await fetch(new URL('/healthz', running.url), { method: 'POST', body: '{}' });
  assert.equal(posted.status, 404);
});
