import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import {
  InMemoryTransport,
  type JSONRPCMessage,
  type Logger,
  McpServer,
  type McpServerFactory,
  type ServeStdioOptions,
  StdioServerTransport,
  type StdioServerTransportOptions,
  serveStdio,
  silentLogger,
} from 'slipway';
import { eventually } from '../support/serving.ts';
import { type Message, MODERN_META } from './stdio-process.ts';

const INITIALIZE = {
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } },
};

interface Line {
  readonly received: Message[];
  send(message: object): void;
  hangUp(): void;
  handle: ReturnType<typeof serveStdio>;
}

/** A server over a pair of streams of this process. */
function line(
  t: TestContext,
  source: McpServer | McpServerFactory,
  options: ServeStdioOptions = {},
  limits: StdioServerTransportOptions = {},
): Line {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const received: Message[] = [];
  let text = '';
  stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (text + chunk).split('\n');
    text = lines.pop()!;
    received.push(...lines.map(one => JSON.parse(one) as Message));
  });
  const handle = serveStdio(source, { transport: new StdioServerTransport(stdin, stdout, limits), ...options });
  t.after(() => handle.close({ graceMs: 0 }));
  const send = (message: object) => void stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  return { received, send, hangUp: () => void stdin.end(), handle };
}

function tell(name = 'quay', logger?: Logger): McpServer {
  const server = new McpServer({ name, version: '1.0.0' }, { ...(logger && { logger }) });
  server.registerTool('hello', {}, () => 'Hello!');
  return server;
}

test('a factory that does not look at the era is called once, for both', async t => {
  let made = 0;
  const factory = () => {
    made++;
    return tell();
  };
  const { received, send } = line(t, factory);
  assert.equal(made, 0, 'nobody is there yet');
  send({ id: 1, method: 'server/discover', params: { _meta: MODERN_META } });
  send({ id: 2, ...INITIALIZE });
  send({ id: 3, method: 'tools/call', params: { name: 'hello' } });
  await eventually(() => received.length === 3);
  assert.ok(received.every(({ result }) => result !== undefined));
  assert.equal(made, 1);
});

test('a factory that looks is called for each era that is spoken, and the client sees the right server', async t => {
  const eras: string[] = [];
  const factory: McpServerFactory = async ({ era }) => {
    eras.push(era);
    return tell(era);
  };
  const { received, send } = line(t, factory);
  send({ id: 1, method: 'server/discover', params: { _meta: MODERN_META } });
  send({ id: 2, ...INITIALIZE });
  send({ id: 3, method: 'tools/call', params: { name: 'hello', _meta: MODERN_META } });
  send({ id: 4, method: 'ping' });
  await eventually(() => received.length === 4);
  assert.deepEqual(eras, ['modern', 'legacy']);
  const info = received.find(({ id }) => id === 2)?.result?.['serverInfo'] as { name: string };
  assert.equal(info.name, 'legacy');
});

test('messages that arrive while the server is made wait for it, in their order', async t => {
  const { promise, resolve } = Promise.withResolvers<McpServer>();
  const { received, send, hangUp, handle } = line(t, () => promise);
  send({ id: 1, ...INITIALIZE });
  for (let id = 2; id < 20; id++) send({ id, method: 'ping' });
  hangUp();
  resolve(tell());
  await handle.closed;
  assert.equal(received.length, 19, 'all of them, although the input had ended');
});

test('a factory that throws fails the request, not the connection', async t => {
  const errors: string[] = [];
  let fails = true;
  const factory = () => {
    if (fails) throw new Error('no database');
    return tell();
  };
  const { received, send } = line(t, factory, { onerror: error => errors.push(error.message), logger: silentLogger });
  send({ id: 1, ...INITIALIZE });
  await eventually(() => received.length === 1);
  assert.equal(received[0]?.error?.code, -32603);
  assert.doesNotMatch(received[0]?.error?.message ?? '', /database/);
  assert.deepEqual(errors, ['no database']);
  fails = false;
  send({ id: 2, ...INITIALIZE });
  await eventually(() => received.length === 2);
  assert.ok(received[1]?.result);
});

test("legacy: 'reject' names what is served, and serves it", async t => {
  const eras: string[] = [];
  const factory: McpServerFactory = ({ era }) => {
    eras.push(era);
    return tell();
  };
  const { received, send } = line(t, factory, { legacy: 'reject' });
  send({ id: 1, ...INITIALIZE });
  send({ id: 2, method: 'tools/list' });
  send({ method: 'notifications/initialized' });
  send({ id: 3, method: 'tools/call', params: { name: 'hello', _meta: MODERN_META } });
  await eventually(() => received.length === 3);
  const byId = new Map(received.map(message => [message.id, message]));
  assert.equal(byId.get(1)?.error?.code, -32022);
  assert.deepEqual(byId.get(1)?.error?.data?.supported, ['2026-07-28']);
  assert.equal(byId.get(2)?.error?.code, -32022);
  assert.ok(byId.get(3)?.result);
  assert.deepEqual(eras, ['modern']);
});

test('maxSubscriptions bounds the streams, and a cancelled one makes room', async t => {
  const { received, send } = line(t, tell(), { maxSubscriptions: 1 });
  const listen = (id: number) =>
    send({
      id,
      method: 'subscriptions/listen',
      params: { notifications: { toolsListChanged: true }, _meta: MODERN_META },
    });
  listen(1);
  listen(2);
  await eventually(() => received.length === 2);
  assert.equal(received.find(({ id }) => id === 2)?.error?.data?.code, 'SLIP_SUBSCRIPTION_LIMIT');
  send({ method: 'notifications/cancelled', params: { requestId: 1 } });
  listen(3);
  await eventually(() => received.length === 3);
  assert.equal(received[2]?.method, 'notifications/subscriptions/acknowledged');
});

test('middleware may refuse a stream', async t => {
  const server = tell('quay', silentLogger);
  server.use(async (ctx, next) => {
    if (ctx.mcpReq.method === 'subscriptions/listen') throw new Error('not today');
    return next();
  });
  const { received, send } = line(t, server);
  const params = { notifications: { toolsListChanged: true }, _meta: MODERN_META };
  send({ id: 1, method: 'subscriptions/listen', params });
  await eventually(() => received.length === 1);
  assert.equal(received[0]?.error?.code, -32603);
});

test('close() lets calls in flight finish, and is the same the second time', async t => {
  const server = tell();
  const { promise, resolve } = Promise.withResolvers<string>();
  server.registerTool('later', {}, () => promise);
  const { received, send, handle } = line(t, server);
  send({ id: 1, method: 'tools/call', params: { name: 'later' } });
  await eventually(() => server.isConnected());
  const closing = Promise.all([handle.close(), handle.close()]);
  resolve('done');
  await closing;
  await handle.closed;
  assert.equal(received[0]?.id, 1);
  assert.equal(server.isConnected(), false);
});

test('the limits are those given', async t => {
  const { received, send } = line(t, tell(), {}, { maxBufferSize: 100, maxJsonDepth: 4 });
  send({ id: 1, method: 'ping', params: { text: 'x'.repeat(100) } });
  send({ id: 2, method: 'ping', params: { a: { b: { c: { d: 1 } } } } });
  await eventually(() => received.length === 2);
  assert.deepEqual(
    received.map(({ error }) => error?.data?.code),
    ['SLIP_BODY_TOO_LARGE', 'SLIP_JSON_TOO_DEEP'],
  );
});

test('limits that make no sense are refused', () => {
  assert.throws(() => serveStdio(tell(), { maxConcurrentRequests: 0 }), { code: 'SLIP_INVALID_OPTION' });
  for (const limits of [
    { maxBodyBytes: 0 },
    { stallMs: 0 },
    { graceMs: -1 },
    { graceMs: 2 ** 31 },
    { maxJsonDepth: 1.5 },
  ]) {
    assert.throws(() => new StdioServerTransport(new PassThrough(), new PassThrough(), limits), {
      code: 'SLIP_INVALID_OPTION',
    });
  }
});

/** Lists of changes that nobody waits for, to a client that `reads` or does not. */
async function flooded(t: TestContext, limits: StdioServerTransportOptions, reads: (stdout: PassThrough) => void) {
  const server = tell();
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const codes: unknown[] = [];
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferedBytes: 10_000, ...limits });
  const handle = serveStdio(server, {
    transport,
    onerror: error => codes.push((error as Error & { code?: unknown }).code),
  });
  t.after(() => handle.close({ graceMs: 0 }));
  stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, ...INITIALIZE })}\n`);
  await eventually(() => server.isConnected());
  reads(stdout);
  for (let times = 0; times < 5_000; times++) server.sendToolListChanged();
  return { handle, codes, stdout };
}

test('a client that takes nothing for too long is left', async t => {
  const { handle, codes } = await flooded(t, { stallMs: 150 }, () => {});
  await handle.closed;
  assert.deepEqual(codes, ['SLIP_CLIENT_STALLED']);
});

test('a client that reads slowly is not, however much waits for it', async t => {
  let lines = 0;
  const { handle, codes } = await flooded(t, { stallMs: 150 }, stdout => {
    // 5,000 lines are 325,000 bytes; it lags four buffers behind for several times `stallMs`.
    const timer = setInterval(() => {
      for (let bytes = 0; bytes < 15_000; ) {
        const chunk = stdout.read() as Buffer | null;
        if (chunk === null) return;
        bytes += chunk.length;
        lines += chunk.toString().split('\n').length - 1;
      }
    }, 40);
    t.after(() => clearInterval(timer));
  });
  await eventually(() => lines === 5_001);
  assert.deepEqual(codes, []);
  await handle.close();
});

test('one answer beyond every buffer does not cost the next one', async t => {
  const server = tell();
  server.registerTool('large', {}, () => 'x'.repeat(1_000_000));
  const { received, send } = line(t, server, {}, { maxBufferedBytes: 1_000 });
  send({ id: 1, method: 'tools/call', params: { name: 'large' } });
  send({ id: 2, method: 'tools/call', params: { name: 'hello' } });
  await eventually(() => received.length === 2);
  assert.ok(received.every(({ result }) => result !== undefined));
});

/** A tool whose calls are counted and end when they are told to. */
function gated(server: McpServer) {
  const gate = { running: 0, most: 0, begun: 0, open: [] as (() => void)[] };
  server.registerTool('gated', {}, async () => {
    gate.begun++;
    gate.most = Math.max(gate.most, ++gate.running);
    await new Promise<void>(resolve => gate.open.push(resolve));
    gate.running--;
    return 'done';
  });
  return gate;
}

const GATED = { method: 'tools/call', params: { name: 'gated' } };

test('maxConcurrentRequests are answered at a time; the others wait, and are answered', async t => {
  const server = tell();
  const gate = gated(server);
  const { received, send } = line(t, server, { maxConcurrentRequests: 3 });
  for (let id = 1; id <= 20; id++) send({ id, ...GATED });
  const timer = setInterval(() => gate.open.shift()?.(), 2);
  t.after(() => clearInterval(timer));
  await eventually(() => received.length === 20);
  assert.equal(gate.most, 3);
  assert.deepEqual(new Set(received.map(({ id }) => id)).size, 20);
});

test('answers and cancellations pass the requests that wait for a place', async t => {
  const server = tell();
  const gate = gated(server);
  server.registerTool('ask', {}, async ctx => {
    const params = { message: 'Really?', requestedSchema: { type: 'object' as const, properties: {} } };
    return (await ctx.mcpReq.elicitInput(params)).action;
  });
  const { received, send } = line(t, server, { maxConcurrentRequests: 1 });
  const { params } = INITIALIZE;
  send({ id: 1, method: 'initialize', params: { ...params, capabilities: { elicitation: {} } } });
  send({ id: 2, method: 'tools/call', params: { name: 'ask' } });
  for (const id of [3, 4]) send({ id, ...GATED });
  send({ method: 'notifications/cancelled', params: { requestId: 3 } });
  await eventually(() => received.some(({ method }) => method === 'elicitation/create'));
  assert.equal(gate.begun, 0);
  const question = received.find(({ method }) => method === 'elicitation/create');
  send({ id: question!.id, result: { action: 'decline' } });
  await eventually(() => gate.open.length === 1);
  gate.open[0]!();
  await eventually(() => received.some(({ id, method }) => id === 4 && method === undefined));
  assert.equal(gate.begun, 1, 'the cancelled one never');
});

test('what waits for a place at the end is answered; when the server stops, it is refused', async t => {
  for (const stops of [false, true]) {
    const server = tell();
    const gate = gated(server);
    const { received, send, hangUp, handle } = line(t, server, { maxConcurrentRequests: 1 });
    for (let id = 1; id <= 5; id++) send({ id, ...GATED });
    await eventually(() => gate.open.length === 1);
    const closing = stops ? handle.close() : hangUp();
    await eventually(() => (stops ? received.length === 4 : gate.open.length === 5));
    for (const open of gate.open) open();
    await closing;
    await handle.closed;
    assert.equal(received.filter(({ result }) => result !== undefined).length, stops ? 1 : 5);
    assert.equal(received.filter(({ error }) => error?.data?.code === 'SLIP_STOPPING').length, stops ? 4 : 0);
  }
});

test('while requests wait for a place, no more than maxBufferedBytes are read', async t => {
  const server = tell();
  const gate = gated(server);
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferedBytes: 2_000 });
  const handle = serveStdio(server, { transport, maxConcurrentRequests: 1 });
  t.after(() => handle.close({ graceMs: 0 }));
  const request = (id: number) => `${JSON.stringify({ jsonrpc: '2.0', id, ...GATED })}\n`;
  for (let id = 1; id <= 200; id++) stdin.write(request(id));
  await eventually(() => stdin.isPaused());
  assert.ok(stdin.readableLength > 5_000, `${stdin.readableLength} of 16,000 are left`);
  const timer = setInterval(() => gate.open.shift()?.(), 1);
  t.after(() => clearInterval(timer));
  let text = '';
  stdout.on('data', chunk => (text += chunk));
  await eventually(() => text.includes('"id":200'));
});

test('a transport of another kind serves as well', async t => {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const received: JSONRPCMessage[] = [];
  near.onmessage = message => received.push(message);
  const handle = serveStdio(() => tell(), { transport: far });
  t.after(() => handle.close({ graceMs: 0 }));
  await near.start();
  await near.send({ jsonrpc: '2.0', id: 1, ...INITIALIZE });
  await eventually(() => received.length === 1);
  await near.close();
  await handle.closed;
});

test('server.connect(new StdioServerTransport(...)) ends with its input, too', async () => {
  const server = tell();
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  let closed = false;
  server.server.onclose = () => {
    closed = true;
  };
  const { promise, resolve } = Promise.withResolvers<string>();
  server.registerTool('later', {}, () => promise);
  const transport = new StdioServerTransport(stdin, stdout);
  await server.connect(transport);
  await assert.rejects(transport.start(), { code: 'SLIP_ALREADY_CONNECTED' });
  stdin.end('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"later"}}\n');
  await new Promise(settled => setTimeout(settled, 50));
  assert.equal(closed, false, 'a call is in flight');
  resolve('done');
  await eventually(() => closed);
  assert.match(String(stdout.read()), /"done"/);
  await assert.rejects(transport.send({ jsonrpc: '2.0', method: 'late' }), { code: 'SLIP_NOT_CONNECTED' });
});
