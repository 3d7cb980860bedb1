/** Connections that are dead without anybody having said so: the server still writes to them when the client comes back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { CuttingProxy, withinEvent } from '../clients/cutting-proxy.ts';
import { serving } from '../support/serving.ts';
import { ChaosServer } from './chaos-server.ts';
import { type Message, SessionClient } from './session-client.ts';
import { DRIVERS, stateOf } from './state-driver.ts';
import { StreamTail } from './stream-tail.ts';

const numbersOf = (messages: readonly Message[]): unknown[] => messages.map(message => message.params?.data?.number);
const countingTo = (last: number): unknown[] => [...Array.from({ length: last }, (_, index) => index + 1), undefined];

for (const driver of DRIVERS) {
  test(`${driver}: a handler that waits for a reader who is gone goes on once the client is back`, async t => {
    const { port } = await serving(t, new ChaosServer().mcp, { state: stateOf(t, driver), retryMs: 10 });
    const proxy = await CuttingProxy.during(t, {
      target: () => port,
      rule: () => withinEvent(4),
      serverHears: false,
    });
    const client = await new SessionClient({ port: () => port }).begin();
    // More than sockets and buffers hold, so that the handler is stopped by the connection that nobody reads.
    const args = { mark: 'heavy', events: 120, burst: 1, pauseMs: 0, ballast: 200_000 };
    const request = client.request('tools/call', { name: 'count', arguments: args });
    const cut = new StreamTail(await client.send(request, proxy.port));
    await assert.rejects(cut.ended(5_000), /cut/);
    assert.deepEqual(numbersOf(cut.messages), [1, 2]);
    await delay(300);
    const resumed = new StreamTail(await client.get(cut.ids.at(-1)));
    await resumed.until(message => 'result' in message, 10_000);
    assert.deepEqual(numbersOf([...cut.messages, ...resumed.messages]), countingTo(120));
    await resumed.ended(1_000);
  });

  test(`${driver}: who comes back again takes the stream from the connection before`, async t => {
    const { port } = await serving(t, new ChaosServer().mcp, { state: stateOf(t, driver), retryMs: 10 });
    const client = await new SessionClient({ port: () => port }).begin();
    const args = { mark: 'again', events: 40, burst: 1, pauseMs: 10 };
    const first = new StreamTail(await client.send(client.request('tools/call', { name: 'count', arguments: args })));
    await first.until(message => message.params?.data?.number === 5);
    const tails = [first];
    for (let times = 0; times < 3; times++) {
      const before = tails.at(-1)!;
      const next = new StreamTail(await client.get(before.ids.at(-1)));
      await before.ended(1_000);
      tails.push(next);
      await next.until(message => message.params?.data !== undefined);
    }
    await tails.at(-1)!.until(message => 'result' in message);
    // An event that was on its way when the id was read may be on both; nothing else is.
    const numbers = tails.flatMap(tail => numbersOf(tail.messages));
    assert.ok(numbers.length <= 41 + 6, `${numbers.length} messages for 41`);
    assert.deepEqual([...new Set(numbers)], countingTo(40));
  });
}
