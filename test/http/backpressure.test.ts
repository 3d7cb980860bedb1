import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer, type RunningServer } from 'slipway';
import { OpenStream } from '../support/event-stream.ts';
import { modern, send } from '../support/mcp-post.ts';
import { postBytes, RawConnection } from '../support/raw-connection.ts';
import { eventually, serving } from '../support/serving.ts';

const MEGABYTE = 1024 * 1024;
const PIECE = 'x'.repeat(64 * 1024);
const PIECES = 800;

interface Flood {
  sent: number;
  ended: boolean;
  cancelled: boolean;
}

/** Tools that send 50 MB of notifications before they answer: one waits for each, the other never does. */
async function flooding(t: TestContext): Promise<{ running: RunningServer; flood: Flood; server: McpServer }> {
  const flood: Flood = { sent: 0, ended: false, cancelled: false };
  const server = new McpServer({ name: 'flood', version: '1.0.0' }, { capabilities: { logging: {} } });
  server.registerTool('patient', {}, async ctx => {
    for (; flood.sent < PIECES; flood.sent++) {
      await ctx.mcpReq.log('info', PIECE);
      flood.cancelled = ctx.mcpReq.signal.aborted;
      if (flood.cancelled) break;
    }
    flood.ended = true;
    return 'ended';
  });
  server.registerTool('impatient', {}, async ctx => {
    for (; flood.sent < PIECES && !ctx.mcpReq.signal.aborted; flood.sent++) {
      void ctx.mcpReq.log('info', PIECE);
      await new Promise(resolve => setImmediate(resolve));
    }
    flood.cancelled = ctx.mcpReq.signal.aborted;
    flood.ended = true;
    return 'ended';
  });
  server.registerTool('large', {}, async ctx => {
    await ctx.mcpReq.log('info', 'y'.repeat(4 * MEGABYTE));
    return 'ended';
  });
  return { running: await serving(t, server, { maxBufferedBytes: MEGABYTE }), flood, server };
}

const meta = { 'io.modelcontextprotocol/logLevel': 'debug' };
const flood = (name: string) => modern('tools/call', { name }, { meta });

test('a handler that awaits is slowed down by a reader that does not read, and ends once it does', async t => {
  const { running, flood: state } = await flooding(t);
  const connection = await RawConnection.open(running.port);
  t.after(() => connection.close());
  connection.socket.pause();
  connection.write(postBytes(flood('patient')));
  await eventually(() => state.sent > 0);
  let before = -1;
  while (before !== state.sent) {
    before = state.sent;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  // What the kernel takes is gone; beyond that at most the high-water mark is held.
  assert.ok(state.sent < PIECES / 2, `${state.sent} pieces were taken for a reader that reads nothing`);
  assert.equal(state.ended, false);
  connection.close();
  await eventually(() => state.ended);
  assert.equal(state.cancelled, true);
});

test('a handler that awaits gives everything to a reader that keeps up', async t => {
  const { running } = await flooding(t);
  const messages = await new OpenStream(await send(running.url, flood('patient'))).rest();
  assert.equal(messages.length, PIECES + 1);
  assert.equal(messages.at(-1).result.content[0].text, 'ended');
});

test('a handler that does not await is cut off, and its call cancelled, for a reader that does not read', async t => {
  const { running, flood: state } = await flooding(t);
  const connection = await RawConnection.open(running.port);
  t.after(() => connection.close());
  connection.socket.pause();
  const before = process.memoryUsage().rss;
  connection.write(postBytes(flood('impatient')));
  await eventually(() => state.ended);
  assert.equal(state.cancelled, true);
  assert.ok(state.sent < PIECES, `${state.sent} pieces`);
  assert.ok(process.memoryUsage().rss - before < 40 * MEGABYTE, 'more is held than the stream may hold');
  connection.socket.resume();
  await connection.untilClosed();
});

test('one message beyond the bound reaches a reader that keeps up', async t => {
  const { running } = await flooding(t);
  const messages = await new OpenStream(await send(running.url, flood('large'))).rest();
  assert.deepEqual(
    messages.map(({ params, result }) => params?.data.length ?? result.content[0].text),
    [4 * MEGABYTE, 'ended'],
  );
});

test('a listener that does not read is cut off, the others hear everything', async t => {
  const { running, server } = await flooding(t);
  const listen = modern('subscriptions/listen', { notifications: { toolsListChanged: true } });
  const slow = await RawConnection.open(running.port);
  t.after(() => slow.close());
  slow.write(postBytes(listen));
  await slow.untilReceived('acknowledged');
  slow.socket.pause();
  const reader = new OpenStream(await send(running.url, listen));
  await reader.next();
  const rounds = 500;
  let heard = 0;
  for (let round = 0; round < rounds; round++) {
    for (let count = 0; count < 100; count++) server.sendToolListChanged();
    for (let count = 0; count < 100; count++) if ((await reader.next()) !== undefined) heard++;
  }
  assert.equal(heard, rounds * 100);
  await reader.cancel();
  slow.socket.resume();
  await slow.untilClosed();
});
