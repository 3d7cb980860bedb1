import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { type TestContext, test } from 'node:test';
import { McpServer, type RunningServer } from 'slipway';
import { z } from 'zod';
import { Arrivals, type Arrived } from '../../src/transport/http/arrivals.ts';
import { InFlight } from '../../src/transport/http/in-flight.ts';
import { legacy, modern } from '../support/mcp-post.ts';
import { postBytes, RawConnection } from '../support/raw-connection.ts';
import { eventually, serving } from '../support/serving.ts';

const turn = () => new Promise<void>(resolve => setImmediate(resolve));

/** Keeps the event loop busy. */
function compute(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const call = (name: string, args: object = {}) => postBytes(modern('tools/call', { name, arguments: args }));

async function connected(t: TestContext, { port }: RunningServer, count: number): Promise<RawConnection[]> {
  const connections = await Promise.all(Array.from({ length: count }, () => RawConnection.open(port)));
  for (const connection of connections) {
    t.after(() => connection.close());
    connection.write(call('echo', { text: 'there' }));
    await connection.answer();
  }
  return connections;
}

function echoing(): McpServer {
  const server = new McpServer({ name: 'arrivals', version: '1.0.0' });
  server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => text);
  return server;
}

/** Something that arrives. */
function arrived(serve: () => void, carrier?: object): Arrived {
  return { carrier, isWaiting: false, serve };
}

test('what arrives in one turn is served at its end, in its order', async () => {
  const arrivals = new Arrivals(new InFlight());
  const served: string[] = [];
  for (const name of ['a', 'b', 'c']) arrivals.add(arrived(() => served.push(name)));
  assert.equal(served.length, 0);
  await turn();
  assert.equal(served.join(''), 'abc');
  arrivals.add(arrived(() => served.push('d')));
  await turn();
  assert.equal(served.join(''), 'abcd');
});

test('what arrives while others are served is not forgotten', async () => {
  const arrivals = new Arrivals(new InFlight());
  const served: string[] = [];
  arrivals.add(
    arrived(() => {
      served.push('outer');
      arrivals.add(arrived(() => served.push('inner')));
    }),
  );
  await turn();
  await turn();
  assert.deepEqual(served, ['outer', 'inner']);
});

test('one that takes its time ends the turn: the answers before it leave first', async () => {
  const arrivals = new Arrivals(new InFlight());
  const order: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    const serve = () => {
      compute(3);
      order.push(`${name} served`);
      void Promise.resolve().then(() => order.push(`${name} answered`));
    };
    arrivals.add(arrived(serve));
  }
  for (let count = 0; count < 5; count++) await turn();
  assert.deepEqual(order, ['a served', 'a answered', 'b served', 'b answered', 'c served', 'c answered']);
});

test('one that throws takes nobody with it', async () => {
  const arrivals = new Arrivals(new InFlight());
  const served: string[] = [];
  const thrown: unknown[] = [];
  process.setUncaughtExceptionCaptureCallback(error => thrown.push(error));
  try {
    const failure = new Error('planted');
    arrivals.add(
      arrived(() => {
        throw failure;
      }),
    );
    arrivals.add(arrived(() => served.push('next')));
    await turn();
    await turn();
    assert.deepEqual(thrown, [failure]);
    assert.deepEqual(served, ['next']);
  } finally {
    process.setUncaughtExceptionCaptureCallback(null);
  }
});

test('one that is put off comes first in the next turn, and is not put off again', async () => {
  const inFlight = new InFlight();
  const arrivals = new Arrivals(inFlight);
  const order: string[] = [];
  const serve = () => {
    const postponed = arrivals.postpone(serve);
    if (postponed) assert.equal(arrivals.postpone(serve), false);
    order.push(postponed ? 'b put off' : 'b served');
    if (postponed) void Promise.resolve().then(() => order.push('turn ended'));
  };
  arrivals.add(arrived(() => order.push('a')));
  arrivals.add(arrived(serve));
  arrivals.add(arrived(() => order.push('c')));
  for (let count = 0; count < 3; count++) await turn();
  assert.deepEqual(order, ['a', 'b put off', 'turn ended', 'b served', 'c']);
  assert.equal(await inFlight.ended(0), true);
});

test('one of a connection on which more has come is served at once, and once', async () => {
  const inFlight = new InFlight();
  const arrivals = new Arrivals(inFlight);
  const served: string[] = [];
  const [x, y] = [{}, {}];
  arrivals.add(arrived(() => served.push('x'), x));
  arrivals.add(arrived(() => served.push('y'), y));
  arrivals.hurry(y);
  arrivals.hurry(y);
  assert.deepEqual(served, ['y']);
  await turn();
  assert.deepEqual(served, ['y', 'x']);
  arrivals.hurry(x);
  assert.deepEqual(served, ['y', 'x']);
  assert.equal(await inFlight.ended(0), true);
});

test('those that wait are no load, and are waited for', async () => {
  const inFlight = new InFlight();
  const arrivals = new Arrivals(inFlight);
  for (let count = 0; count < 3; count++) arrivals.add(arrived(() => compute(3)));
  assert.equal(inFlight.total, 0);
  const ended = inFlight.ended(5_000);
  assert.equal(await Promise.race([ended, turn().then(() => 'goes on')]), 'goes on');
  assert.equal(await ended, true);
});

test('each is served in the same asynchronous context, whatever the one before has entered', async () => {
  const storage = new AsyncLocalStorage<string>();
  const arrivals = new Arrivals(new InFlight());
  const seen: unknown[] = [];
  for (const name of ['a', 'b', 'c']) {
    arrivals.add(
      arrived(() => {
        seen.push(storage.getStore());
        storage.enterWith(name);
        compute(1);
      }),
    );
  }
  for (let count = 0; count < 4; count++) await turn();
  assert.deepEqual(seen, [undefined, undefined, undefined]);
});

test('of many clients that call a tool that computes, the first has its answer before the last call has begun', async t => {
  const server = echoing();
  let begun = 0;
  server.registerTool('compute', {}, () => {
    begun++;
    compute(5);
    return 'computed';
  });
  const running = await serving(t, server);
  const connections = await connected(t, running, 20);
  for (const connection of connections) connection.write(call('compute'));
  const { status } = await Promise.race(connections.map(connection => connection.answer()));
  assert.equal(status, 200);
  assert.ok(begun < 20, `${begun} calls of 20 had begun`);
});

test('a server that stops answers what has arrived and waits for its turn', async t => {
  const server = echoing();
  let running: RunningServer | undefined;
  let closed: Promise<void> | undefined;
  server.registerTool('stop', {}, () => {
    closed = running!.close({ graceMs: 5_000, lameDuckMs: 0 });
    compute(5);
    return 'stopping';
  });
  server.registerTool('compute', {}, () => {
    compute(5);
    return 'computed';
  });
  running = await serving(t, server);
  const connections = await connected(t, running, 5);
  const [first, ...others] = connections as [RawConnection, ...RawConnection[]];
  first.write(call('stop'));
  for (const connection of others) connection.write(call('compute'));
  for (const connection of connections) assert.equal((await connection.answer()).status, 200);
  await closed;
});

test('calls that end at once are not refused because they came at once', async t => {
  const server = echoing();
  server.registerTool('quick', {}, async () => {
    await Promise.resolve();
    return 'done';
  });
  const limits = { maxConcurrentPerCaller: 3, maxConcurrentRequests: 30 };
  const running = await serving(t, server, limits);
  const connections = await connected(t, running, 25);
  for (let round = 0; round < 4; round++) {
    for (const connection of connections) connection.write(call('quick'));
    const answers = await Promise.all(connections.map(connection => connection.answer()));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  }
});

test('calls beyond the limit are refused while those before them go on', async t => {
  const server = echoing();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.registerTool('slow', {}, async () => {
    await promise;
    return 'done';
  });
  const running = await serving(t, server, { maxConcurrentPerCaller: 3 });
  const connections = await connected(t, running, 10);
  for (const connection of connections) connection.write(call('slow'));
  const statuses: number[] = [];
  const answers = connections.map(connection => connection.answer().then(({ status }) => statuses.push(status)));
  await eventually(() => statuses.length >= 7);
  assert.deepEqual(
    statuses,
    Array.from({ length: 7 }, () => 429),
  );
  resolve();
  await Promise.all(answers);
  assert.deepEqual(statuses.slice(7), [200, 200, 200]);
});

test('a batch that comes with others is not refused for calls that end at once', async t => {
  const running = await serving(t, echoing(), { maxConcurrentPerCaller: 4 });
  const connections = await connected(t, running, 8);
  const { headers, body } = legacy('tools/call', { name: 'echo', arguments: { text: 'x' } }, { version: '2025-03-26' });
  const batch = `[${[1, 2, 3].map(id => JSON.stringify({ ...JSON.parse(body), id })).join(',')}]`;
  for (const connection of connections) connection.write(postBytes({ headers, body: batch }));
  const answers = await Promise.all(connections.map(connection => connection.answer()));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
});

test('what comes on one connection is taken in its order: a call, and the end of its session behind it', async t => {
  const running = await serving(t, echoing(), { sessions: 'optional' });
  const connection = await RawConnection.open(running.port);
  t.after(() => connection.close());
  const clientInfo = { name: 'test', version: '1.0.0' };
  const hello = legacy('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  connection.write(postBytes(hello));
  const session = (await connection.answer()).headers['mcp-session-id']!;
  const echo = legacy(
    'tools/call',
    { name: 'echo', arguments: { text: 'x' } },
    { headers: { 'mcp-session-id': session } },
  );
  const end = `DELETE / HTTP/1.1\r\nhost: localhost\r\nmcp-session-id: ${session}\r\n\r\n`;
  connection.write(postBytes(echo) + end);
  assert.deepEqual([(await connection.answer()).status, (await connection.answer()).status], [200, 204]);
});

test('a call is answered, whatever is no request behind it', async t => {
  const running = await serving(t, echoing());
  const [connection] = (await connected(t, running, 1)) as [RawConnection];
  connection.write(`${call('echo', { text: 'x' })}GARBAGE\r\n\r\n`);
  assert.equal((await connection.answer()).status, 200);
});

test('a client that does not wait for its answers keeps nobody else out', async t => {
  const server = echoing();
  server.registerTool('compute', {}, () => {
    compute(2);
    return 'computed';
  });
  const running = await serving(t, server, { maxConcurrentRequests: 10 });
  const [greedy, modest] = (await connected(t, running, 2)) as [RawConnection, RawConnection];
  greedy.write(Array.from({ length: 60 }, () => call('compute')).join(''));
  await turn();
  modest.write(call('echo', { text: 'x' }));
  assert.equal((await modest.answer()).status, 200);
  for (let count = 0; count < 60; count++) assert.equal((await greedy.answer()).status, 200);
});

test('whose client has left while it waited is counted for its address all the same', async t => {
  const server = echoing();
  let ran = 0;
  server.registerTool('run', {}, () => {
    ran++;
    return 'ran';
  });
  server.registerTool('compute', {}, () => {
    compute(30);
    return 'computed';
  });
  // One call each while they connect, then a call that takes long and those that leave meanwhile.
  const running = await serving(t, server, { rateLimitPerAddress: '20/1h' });
  const connections = await connected(t, running, 12);
  const [slow, ...leaving] = connections as [RawConnection, ...RawConnection[]];
  slow.write(call('compute'));
  for (const { socket } of leaving) socket.end(call('run'));
  assert.equal((await slow.answer()).status, 200);
  await eventually(() => ran >= 7);
  for (let count = 0; count < 20; count++) await turn();
  assert.equal(ran, 7);
});
