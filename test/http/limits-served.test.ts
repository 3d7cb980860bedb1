import assert from 'node:assert/strict';
import { request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { McpServer, type RunningServer, type ServeOptions } from 'slipway';
import { z } from 'zod';
import { OpenStream } from '../support/event-stream.ts';
import { answerIn, askLegacy, callTool, legacy, modern, send } from '../support/mcp-post.ts';
import { postBytes, RawConnection } from '../support/raw-connection.ts';
import { eventually, serving } from '../support/serving.ts';

interface Work {
  begun: number;
  signals: AbortSignal[];
  finish: () => void;
}

async function started(t: TestContext, options: ServeOptions): Promise<{ running: RunningServer; work: Work }> {
  const work: Work = { begun: 0, signals: [], finish: () => {} };
  const finished = new Promise<void>(resolve => {
    work.finish = resolve;
  });
  t.after(() => work.finish());
  const server = new McpServer({ name: 'limits', version: '1.0.0' });
  server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => text);
  server.registerTool('work', {}, async ctx => {
    work.begun++;
    work.signals.push(ctx.mcpReq.signal);
    await finished;
    return 'finished';
  });
  return { running: await serving(t, server, options), work };
}

const echo = (text: string) => modern('tools/call', { name: 'echo', arguments: { text } });

test('413 for a body that announces too many bytes, before it is read', async t => {
  const { running } = await started(t, { maxBodyBytes: 1000 });
  const connection = await RawConnection.open(running.port);
  t.after(() => connection.close());
  const { headers, body } = echo('x'.repeat(1000));
  connection.write(postBytes({ headers, body }).slice(0, -body.length));
  const answer = await connection.answer();
  assert.equal(answer.status, 413);
  assert.equal(JSON.parse(answer.body).error.data.code, 'SLIP_BODY_TOO_LARGE');
});

test('413 for a chunked body as soon as it has sent too many bytes', async t => {
  const { running } = await started(t, { maxBodyBytes: 1000 });
  const outgoing = request({ port: running.port, host: '127.0.0.1', method: 'POST', headers: echo('').headers });
  t.after(() => outgoing.destroy());
  outgoing.on('error', () => {});
  const answered = new Promise<number | undefined>(resolve => {
    outgoing.on('response', response => resolve(response.statusCode));
  });
  outgoing.write('x'.repeat(1001));
  assert.equal(await answered, 413);
});

test('a body of exactly the limit is served, one byte more is not', async t => {
  const exact = echo('y'.repeat(100));
  const { running } = await started(t, { maxBodyBytes: Buffer.byteLength(exact.body) });
  assert.equal((await send(running.url, exact)).status, 200);
  const refused = await send(running.url, echo('y'.repeat(101)));
  assert.equal(refused.status, 413);
  assert.equal((await answerIn(refused)).error?.data?.['code'], 'SLIP_BODY_TOO_LARGE');
});

test('431 for headers that are too large', async t => {
  const { running } = await started(t, { maxHeaderBytes: 2000 });
  const connection = await RawConnection.open(running.port);
  connection.write(postBytes(echo('x'), { 'x-large': 'h'.repeat(3000) }));
  const answer = await connection.answer();
  assert.equal(answer.status, 431);
  assert.equal(JSON.parse(answer.body).jsonrpc, '2.0');
  await connection.untilClosed();
  assert.equal((await send(running.url, echo('x'))).status, 200);
});

test('408 for a body that does not arrive, and its place is free again', async t => {
  const { running } = await started(t, { bodyTimeoutMs: 100, maxConcurrentRequests: 1 });
  const connection = await RawConnection.open(running.port);
  connection.write(postBytes(echo('x')).slice(0, -5));
  const answer = await connection.answer();
  assert.equal(answer.status, 408);
  await connection.untilClosed();
  assert.equal((await send(running.url, echo('x'))).status, 200);
});

test('400 for JSON that is nested too deep', async t => {
  const { running } = await started(t, { maxJsonDepth: 20 });
  const { headers } = echo('x');
  const refused = await send(running.url, { headers, body: '['.repeat(21) + ']'.repeat(21) });
  assert.equal(refused.status, 400);
  assert.equal((await answerIn(refused)).error?.data?.['code'], 'SLIP_JSON_TOO_DEEP');
  assert.equal((await send(running.url, echo('x'))).status, 200);
});

test('503 with Retry-After when as many calls are in flight as may be; afterwards there is room again', async t => {
  const { running, work } = await started(t, { maxConcurrentRequests: 2 });
  const calls = [callTool(running.url, 'work'), callTool(running.url, 'work')];
  await eventually(() => work.begun === 2);
  const refused = await send(running.url, echo('x'));
  assert.equal(refused.status, 503);
  assert.match(refused.headers.get('retry-after') ?? '', /^[1-9][0-9]*$/);
  assert.equal((await answerIn(refused)).error?.data?.['code'], 'SLIP_OVERLOADED');
  work.finish();
  for (const call of calls) assert.equal((await call).result.content[0].text, 'finished');
  assert.equal((await send(running.url, echo('x'))).status, 200);
});

test('listeners do not take the places of calls', async t => {
  const { running } = await started(t, { maxConcurrentRequests: 1 });
  const listen = modern('subscriptions/listen', { notifications: { toolsListChanged: true } });
  const streams = [];
  for (let count = 0; count < 3; count++) {
    const stream = new OpenStream(await send(running.url, listen));
    await stream.next();
    streams.push(stream);
  }
  assert.equal((await send(running.url, echo('x'))).status, 200);
  for (const stream of streams) await stream.cancel();
});

test('a call that takes too long is answered SLIP_REQUEST_TIMEOUT, its signal aborts, its place is free', async t => {
  const { running, work } = await started(t, { requestTimeoutMs: 80, maxConcurrentRequests: 1 });
  const { id, error } = await callTool(running.url, 'work', {}, { id: 'slow' });
  assert.equal(id, 'slow');
  assert.equal(error?.code, -32603);
  assert.equal(error?.data?.['code'], 'SLIP_REQUEST_TIMEOUT');
  assert.equal(work.signals[0]?.aborted, true);
  assert.equal((await send(running.url, echo('x'))).status, 200);
});

test('a call of the 2025 era is limited the same way', async t => {
  const { running } = await started(t, { requestTimeoutMs: 80 });
  const { error } = await askLegacy(running.url, 'tools/call', { name: 'work' });
  assert.equal(error?.data?.['code'], 'SLIP_REQUEST_TIMEOUT');
});

test('a batch that takes too long is answered with an array, also when it holds one request', async t => {
  const { running } = await started(t, { requestTimeoutMs: 80 });
  for (const ids of [[1], [1, 2]]) {
    const calls = ids.map(id => JSON.parse(legacy('tools/call', { name: 'work' }, { id }).body));
    const { headers } = legacy('ping', undefined, { version: '2025-03-26' });
    const response = await send(running.url, { headers, body: JSON.stringify(calls) });
    const answers = (await response.json()) as { id: number; error: { data: { code: string } } }[];
    assert.deepEqual(
      answers.map(({ id, error }) => [id, error.data.code]),
      ids.map(id => [id, 'SLIP_REQUEST_TIMEOUT']),
    );
  }
});

test('as many listeners as may be; one more gets a coded error, and a place that is left is free again', async t => {
  const { running } = await started(t, { maxSubscriptions: 1 });
  const listen = modern('subscriptions/listen', { notifications: { toolsListChanged: true } });
  const first = new OpenStream(await send(running.url, listen));
  await first.next();
  const refused = await answerIn(await send(running.url, listen));
  assert.equal(refused.error?.data?.['code'], 'SLIP_SUBSCRIPTION_LIMIT');
  await first.cancel();
  for (let attempt = 0; attempt < 100; attempt++) {
    const again = await send(running.url, listen);
    if (again.headers.get('content-type') === 'text/event-stream') {
      await again.body?.cancel();
      return;
    }
    await again.text();
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  assert.fail('the place was never free again');
});
