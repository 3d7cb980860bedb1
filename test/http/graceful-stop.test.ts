import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer, type RunningServer, type ServeOptions } from 'slipway';
import { OpenStream } from '../support/event-stream.ts';
import { answerIn, callTool, modern, send } from '../support/mcp-post.ts';
import { postBytes, RawConnection } from '../support/raw-connection.ts';
import { eventually, serving } from '../support/serving.ts';

interface Work {
  begun: number;
  signal?: AbortSignal;
  finish: () => void;
}

async function started(t: TestContext, options: ServeOptions = {}): Promise<{ running: RunningServer; work: Work }> {
  const work: Work = { begun: 0, finish: () => {} };
  const finished = new Promise<void>(resolve => {
    work.finish = resolve;
  });
  t.after(() => work.finish());
  const server = new McpServer({ name: 'stop', version: '1.2.3' });
  server.registerTool('work', {}, async ctx => {
    work.begun++;
    work.signal = ctx.mcpReq.signal;
    await finished;
    return 'finished';
  });
  server.registerTool('large', {}, () => 'x'.repeat(16_000_000));
  return { running: await serving(t, server, options), work };
}

const listen = (id: number | string) =>
  modern('subscriptions/listen', { notifications: { toolsListChanged: true } }, { id });

test('a call in flight finishes, and close() resolves after it', async t => {
  const { running, work } = await started(t);
  const answer = callTool(running.url, 'work');
  await eventually(() => work.begun === 1);
  let closed = false;
  const closing = running.close().then(() => {
    closed = true;
  });
  await new Promise(resolve => setTimeout(resolve, 50));
  assert.equal(closed, false);
  assert.equal(work.signal?.aborted, false);
  work.finish();
  assert.equal((await answer).result.content[0].text, 'finished');
  await closing;
});

test('new connections are refused while a call finishes', async t => {
  const { running, work } = await started(t);
  const answer = callTool(running.url, 'work');
  await eventually(() => work.begun === 1);
  const closing = running.close();
  await assert.rejects(RawConnection.open(running.port), { code: 'ECONNREFUSED' });
  work.finish();
  await answer;
  await closing;
});

test('the answer to a call in flight ends its connection: what is sent behind it is not begun, and its client sees that', async t => {
  const { running, work } = await started(t);
  const connection = await RawConnection.open(running.port);
  t.after(() => connection.close());
  connection.write(postBytes(modern('tools/call', { name: 'work' })));
  await eventually(() => work.begun === 1);
  const closing = running.close();
  connection.write(postBytes(modern('tools/list')));
  await new Promise(resolve => setTimeout(resolve, 20));
  work.finish();
  const answer = await connection.answer();
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['connection'], 'close');
  await connection.untilClosed();
  assert.equal(connection.received, '');
  await closing;
});

test('every listener gets its completion result, and its stream ends', async t => {
  const { running } = await started(t);
  const streams = await Promise.all(
    [7, 'seven'].map(async id => {
      const stream = new OpenStream(await send(running.url, listen(id)));
      assert.equal((await stream.next()).method, 'notifications/subscriptions/acknowledged');
      return { id, stream };
    }),
  );
  await running.close();
  for (const { id, stream } of streams) {
    const [completion, ...more] = await stream.rest();
    assert.deepEqual(more, []);
    assert.equal(completion.id, id);
    assert.equal(completion.result.resultType, 'complete');
    assert.equal(completion.result._meta['io.modelcontextprotocol/subscriptionId'], id);
    assert.equal(completion.result._meta['io.modelcontextprotocol/serverInfo'].name, 'stop');
  }
});

test('idle connections are closed at once', async t => {
  const { running } = await started(t);
  const connection = await RawConnection.open(running.port);
  connection.write(postBytes(modern('tools/list')));
  await connection.answer();
  const before = performance.now();
  await running.close();
  await connection.untilClosed();
  assert.ok(performance.now() - before < 1000);
});

test('what does not finish within the grace is ended with SLIP_STOPPING and its signal aborts', async t => {
  const { running, work } = await started(t);
  const response = send(running.url, modern('tools/call', { name: 'work' }, { id: 'late' }));
  await eventually(() => work.begun === 1);
  await running.close({ graceMs: 50 });
  const answer = await response;
  assert.equal(answer.status, 503);
  const { id, error } = await answerIn(answer);
  assert.equal(id, 'late');
  assert.equal(error?.data?.['code'], 'SLIP_STOPPING');
  assert.equal(work.signal?.aborted, true);
});

test('a stream that does not finish within the grace ends with the error as its last event', async t => {
  const { running, work } = await started(t, { streamAfterMs: 10 });
  const stream = new OpenStream(await send(running.url, modern('tools/call', { name: 'work' }, { id: 9 })));
  await stream.comment();
  assert.equal(work.begun, 1);
  await running.close({ graceMs: 50 });
  const [last, ...more] = await stream.rest();
  assert.deepEqual(more, []);
  assert.equal(last.id, 9);
  assert.equal(last.error.data.code, 'SLIP_STOPPING');
});

test('a request whose body is on its way when the stop begins is answered', async t => {
  const { running } = await started(t);
  const connection = await RawConnection.open(running.port);
  t.after(() => connection.close());
  const bytes = postBytes(modern('tools/list', {}, { id: 'arriving' }));
  connection.write(bytes.slice(0, -20));
  await new Promise(resolve => setTimeout(resolve, 50));
  const closing = running.close();
  await new Promise(resolve => setTimeout(resolve, 400));
  connection.write(bytes.slice(-20));
  const answer = await connection.answer();
  assert.equal(answer.status, 200);
  assert.equal(JSON.parse(answer.body).id, 'arriving');
  await closing;
});

test('a listener whose body arrives after the stop began is told to come back', async t => {
  const { running } = await started(t);
  const connection = await RawConnection.open(running.port);
  t.after(() => connection.close());
  const bytes = postBytes(listen('late'));
  connection.write(bytes.slice(0, -20));
  await new Promise(resolve => setTimeout(resolve, 50));
  const closing = running.close();
  connection.write(bytes.slice(-20));
  const answer = await connection.answer();
  assert.equal(answer.status, 503);
  const { id, error } = JSON.parse(answer.body);
  assert.equal(id, 'late');
  assert.equal(error.data.code, 'SLIP_STOPPING');
  await closing;
});

test('an answer that is on its way to a slow reader when the stop begins arrives in whole', async t => {
  const { running } = await started(t);
  const connection = await RawConnection.open(running.port);
  t.after(() => connection.close());
  connection.socket.pause();
  connection.write(postBytes(modern('tools/call', { name: 'large' })));
  await new Promise(resolve => setTimeout(resolve, 150));
  const closing = running.close();
  await new Promise(resolve => setTimeout(resolve, 50));
  connection.socket.resume();
  const answer = await connection.answer();
  assert.equal(JSON.parse(answer.body).result.content[0].text.length, 16_000_000);
  await closing;
});

test('a request that waits for its factory when the stop begins is answered', async t => {
  let release = () => {};
  const released = new Promise<void>(resolve => {
    release = resolve;
  });
  let asked = 0;
  const running = await serving(t, async ctx => {
    asked++;
    assert.equal(ctx.era, 'modern');
    await released;
    const server = new McpServer({ name: 'made', version: '1.0.0' });
    server.registerTool('hello', {}, () => 'hello');
    return server;
  });
  const answer = callTool(running.url, 'hello');
  await eventually(() => asked === 1);
  const closing = running.close();
  await new Promise(resolve => setTimeout(resolve, 400));
  release();
  assert.equal((await answer).result.content[0].text, 'hello');
  await closing;
});

test('close() again is the same close()', async t => {
  const { running } = await started(t);
  const first = running.close();
  assert.equal(running.close(), first);
  await first;
});
