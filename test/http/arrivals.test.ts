import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer, type RunningServer } from 'slipway';
import { z } from 'zod';
import { Arrivals } from '../../src/transport/http/arrivals.ts';
import { InFlight } from '../../src/transport/http/in-flight.ts';
import { modern } from '../support/mcp-post.ts';
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

test('what arrives in one turn is served at its end, in its order', async () => {
  const arrivals = new Arrivals(new InFlight());
  const served: string[] = [];
  for (const name of ['a', 'b', 'c']) arrivals.add({ serve: () => void served.push(name) });
  assert.equal(served.length, 0);
  await turn();
  assert.deepEqual(served, ['a', 'b', 'c']);
  arrivals.add({ serve: () => void served.push('d') });
  await turn();
  assert.deepEqual(served, ['a', 'b', 'c', 'd']);
});

test('what arrives while others are served is not forgotten', async () => {
  const arrivals = new Arrivals(new InFlight());
  const served: string[] = [];
  const inner = { serve: () => void served.push('inner') };
  arrivals.add({
    serve: () => {
      served.push('outer');
      arrivals.add(inner);
    },
  });
  await turn();
  await turn();
  assert.deepEqual(served, ['outer', 'inner']);
});

test('one that takes its time ends the turn: the answers before it leave first', async () => {
  const arrivals = new Arrivals(new InFlight());
  const order: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    arrivals.add({
      serve: () => {
        compute(3);
        order.push(`${name} served`);
        void Promise.resolve().then(() => order.push(`${name} answered`));
      },
    });
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
    arrivals.add({
      serve: () => {
        throw failure;
      },
    });
    arrivals.add({ serve: () => void served.push('next') });
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
    const postponed = arrivals.postpone({ serve });
    order.push(postponed ? 'b put off' : 'b served');
    if (postponed) void Promise.resolve().then(() => order.push('turn ended'));
  };
  arrivals.add({ serve: () => void order.push('a') });
  arrivals.add({ serve });
  arrivals.add({ serve: () => void order.push('c') });
  for (let count = 0; count < 3; count++) await turn();
  assert.deepEqual(order, ['a', 'b put off', 'turn ended', 'b served', 'c']);
  assert.equal(await inFlight.ended(0), true);
});

test('those that wait are waited for, and are load once a turn has left them behind', async () => {
  const inFlight = new InFlight();
  const arrivals = new Arrivals(inFlight);
  const totals: number[] = [];
  for (let count = 0; count < 3; count++) {
    arrivals.add({
      serve: () => {
        compute(3);
        void Promise.resolve().then(() => totals.push(inFlight.total));
      },
    });
  }
  assert.equal(inFlight.total, 0);
  assert.equal(await Promise.race([inFlight.ended(5_000), turn().then(() => 'goes on')]), 'goes on');
  for (let count = 0; count < 5; count++) await turn();
  assert.deepEqual(totals, [2, 1, 0]);
  assert.equal(await inFlight.ended(0), true);
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
