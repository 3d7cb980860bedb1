import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer, type RunningServer, type ServeOptions } from 'slipway';
import { z } from 'zod';
import { modern } from '../support/mcp-post.ts';
import { postBytes, type RawAnswer, RawConnection } from '../support/raw-connection.ts';
import { eventually, serving } from '../support/serving.ts';

/** How many calls of `wait` have begun, and the way to let them end. */
interface Gate {
  begun: number;
  open: () => void;
}

async function started(
  t: TestContext,
  options: ServeOptions = {},
): Promise<{ running: RunningServer; connection: RawConnection; gate: Gate }> {
  const gate: Gate = { begun: 0, open: () => {} };
  const opened = new Promise<void>(resolve => {
    gate.open = resolve;
  });
  const server = new McpServer({ name: 'reuse', version: '1.0.0' });
  server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => text);
  server.registerTool('wait', {}, async () => {
    gate.begun++;
    await opened;
    return 'waited';
  });
  const running = await serving(t, server, options);
  const connection = await RawConnection.open(running.port);
  t.after(() => connection.close());
  return { running, connection, gate };
}

const call = (text: string, id: number | string = 1) =>
  postBytes(modern('tools/call', { name: 'echo', arguments: { text } }, { id }));

function textIn({ body }: RawAnswer): string {
  return JSON.parse(body).result.content[0].text;
}

test('one connection carries many calls', async t => {
  const { connection } = await started(t);
  for (let count = 0; count < 50; count++) {
    connection.write(call(`call ${count}`));
    const answer = await connection.answer();
    assert.equal(answer.status, 200);
    assert.equal(textIn(answer), `call ${count}`);
  }
});

test('pipelined calls are answered in their order', async t => {
  const { connection } = await started(t);
  connection.write(Array.from({ length: 20 }, (_, count) => call(`call ${count}`)).join(''));
  for (let count = 0; count < 20; count++) assert.equal(textIn(await connection.answer()), `call ${count}`);
});

test('a slow call holds back the answers to what was pipelined after it, and nothing is lost', async t => {
  const { connection, gate } = await started(t);
  connection.write(postBytes(modern('tools/call', { name: 'wait' })) + call('after'));
  await eventually(() => gate.begun === 1);
  assert.equal(connection.received, '');
  gate.open();
  assert.equal(textIn(await connection.answer()), 'waited');
  assert.equal(textIn(await connection.answer()), 'after');
});

test('a body may arrive byte by byte, also through the middle of a character', async t => {
  const { connection } = await started(t);
  const bytes = Buffer.from(call('grüße 🚢'));
  for (const byte of bytes) {
    connection.write(Buffer.from([byte]));
    await new Promise(resolve => setImmediate(resolve));
  }
  assert.equal(textIn(await connection.answer()), 'grüße 🚢');
  connection.write(call('again'));
  assert.equal(textIn(await connection.answer()), 'again');
});

test('a chunked body is the same as one with a length', async t => {
  const { connection } = await started(t);
  const { headers, body } = modern('tools/call', { name: 'echo', arguments: { text: 'chunked' } });
  const lines = Object.entries({ host: 'localhost', ...headers, 'transfer-encoding': 'chunked' });
  const half = Math.floor(body.length / 2);
  const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
  connection.write(`POST / HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
  connection.write(chunk(body.slice(0, half)));
  await new Promise(resolve => setTimeout(resolve, 10));
  connection.write(`${chunk(body.slice(half))}0\r\n\r\n${call('after')}`);
  assert.equal(textIn(await connection.answer()), 'chunked');
  assert.equal(textIn(await connection.answer()), 'after');
});

test('a client that expects 100-continue gets it, then its answer', async t => {
  const { connection } = await started(t);
  const { headers, body } = modern('tools/call', { name: 'echo', arguments: { text: 'expected' } });
  const whole = postBytes({ headers, body }, { expect: '100-continue' });
  connection.write(whole.slice(0, whole.length - body.length));
  assert.equal((await connection.answer()).status, 100);
  connection.write(body);
  assert.equal(textIn(await connection.answer()), 'expected');
  connection.write(call('after'));
  assert.equal(textIn(await connection.answer()), 'after');
});

test('an expectation that nobody knows is answered 417', async t => {
  const { connection } = await started(t);
  connection.write(postBytes(modern('tools/list'), { expect: 'miracles' }));
  assert.equal((await connection.answer()).status, 417);
});

test('an offer to upgrade is ignored, as RFC 9110 7.8 allows: the call is answered over HTTP/1.1', async t => {
  const { connection } = await started(t);
  const upgrade = {
    connection: 'Upgrade, HTTP2-Settings',
    upgrade: 'h2c',
    'http2-settings': 'AAMAAABkAAQAoAAAAAIAAAAA',
  };
  connection.write(postBytes(modern('tools/call', { name: 'echo', arguments: { text: 'plain' } }), upgrade));
  const answer = await connection.answer();
  assert.equal(answer.status, 200);
  assert.equal(textIn(answer), 'plain');
});

test('requests that are refused before their body is read leave the connection usable', async t => {
  const { connection } = await started(t);
  const refusals: [Record<string, string>, number][] = [
    [{ 'content-type': 'text/plain' }, 415],
    [{ origin: 'https://evil.example' }, 403],
    [{ host: 'evil.example' }, 403],
  ];
  for (const [extra, status] of refusals) {
    connection.write(postBytes(modern('tools/list'), extra));
    assert.equal((await connection.answer()).status, status);
    connection.write(call(`after ${status}`));
    assert.equal(textIn(await connection.answer()), `after ${status}`);
  }
});

test('a body that is no JSON leaves the connection usable', async t => {
  const { connection } = await started(t);
  connection.write(postBytes({ ...modern('tools/list'), body: '{"jsonrpc":' }));
  assert.equal((await connection.answer()).status, 400);
  connection.write(postBytes({ ...modern('tools/list'), body: '' }));
  assert.equal((await connection.answer()).status, 400);
  connection.write(call('after'));
  assert.equal(textIn(await connection.answer()), 'after');
});

test('a 413 reaches a client that sends its whole body first, and the next call is answered', async t => {
  const { running } = await started(t, { maxBodyBytes: 10_000 });
  for (const chunked of [false, true]) {
    const connection = await RawConnection.open(running.port);
    t.after(() => connection.close());
    const body = 'x'.repeat(4_000_000);
    const { headers } = modern('tools/list');
    const length = chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(body.length) };
    const lines = Object.entries({ host: 'localhost', ...headers, ...length });
    connection.write(`POST / HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
    connection.write(chunked ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body);
    const answer = await connection.answer();
    assert.equal(answer.status, 413);
    assert.equal(JSON.parse(answer.body).error.data.code, 'SLIP_BODY_TOO_LARGE');
    connection.write(call('after'));
    assert.equal(textIn(await connection.answer()), 'after');
  }
});

test('a client that leaves in the middle of its body leaves nothing behind', async t => {
  const { running, connection } = await started(t, { maxConcurrentRequests: 1 });
  const { headers, body } = modern('tools/list');
  connection.write(postBytes({ headers, body }).slice(0, -10));
  // While the body is on its way it takes the one place there is.
  const other = await RawConnection.open(running.port);
  t.after(() => other.close());
  await eventuallyAnswers(other, 503);
  connection.close();
  await eventuallyAnswers(other, 200);
});

async function eventuallyAnswers(connection: RawConnection, status: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    connection.write(call('probe'));
    if ((await connection.answer()).status === status) return;
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  assert.fail(`no answer ${status}`);
}

test('bytes that are no HTTP are answered 400 and the connection ends', async t => {
  const { connection } = await started(t);
  connection.write('this is no HTTP\r\n\r\n');
  assert.equal((await connection.answer()).status, 400);
  await connection.untilClosed();
});

test('bytes that are no HTTP never end up inside an answer that has begun', async t => {
  const { connection } = await started(t);
  connection.write(postBytes(modern('subscriptions/listen', { notifications: { toolsListChanged: true } })));
  await connection.untilReceived('notifications/subscriptions/acknowledged');
  connection.write('this is no HTTP\r\n\r\n');
  await connection.untilClosed();
  assert.equal(connection.received.match(/HTTP\/1\.1/g)?.length, 1, connection.received);
});
