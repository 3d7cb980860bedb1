/** How streams go on for an official client whose connections are cut; the same for every generation of it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ChaosServer } from '../chaos/chaos-server.ts';
import { ServerProcess } from '../chaos/server-process.ts';
import { DRIVERS, type Driver, stateOf } from '../chaos/state-driver.ts';
import { eventually, serving } from '../support/serving.ts';
import { behindEvent, type CutRule, CuttingProxy, withinEvent } from './cutting-proxy.ts';
import type { Connect, ResumingClient } from './resuming-client.ts';

const RETRY_MS = 40;

interface Scene {
  readonly chaos: ChaosServer;
  readonly proxy: CuttingProxy;
  readonly client: ResumingClient;
}

const numbersTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

/** A server behind a proxy, and a client that has begun its session and its GET stream before anything is cut. */
async function scene(
  t: TestContext,
  connect: Connect,
  driver: Driver,
  rule: (connection: number) => CutRule | undefined,
  answer?: () => Promise<string>,
): Promise<Scene> {
  const chaos = new ChaosServer();
  const state = stateOf(t, driver);
  const running = await serving(t, chaos.mcp, { state, retryMs: RETRY_MS });
  let armed = false;
  let since = 0;
  const proxy = await CuttingProxy.during(t, {
    target: () => running.port,
    rule: () => {
      const own = armed ? rule(since++) : undefined;
      // Connections are used again: the rule counts from the moment on at which it holds.
      let late: CutRule | undefined;
      return piece => {
        if (own !== undefined) return own(piece);
        if (!armed) return undefined;
        late ??= rule(since++) ?? (() => undefined);
        return late(piece);
      };
    },
  });
  const client = await connect({ url: `http://127.0.0.1:${proxy.port}/mcp`, ...(answer && { answer }) });
  t.after(() => client.close());
  await delay(50);
  armed = true;
  return { chaos, proxy, client };
}

export function resumptionTests(connect: Connect): void {
  for (const driver of DRIVERS) {
    test(`${driver}: a call whose stream is cut again and again tells everything once`, async t => {
      const { client, proxy } = await scene(t, connect, driver, connection =>
        connection < 8 ? (connection % 2 === 0 ? withinEvent(4) : behindEvent(3)) : undefined,
      );
      const text = await client.call('count', { mark: 'cut', events: 40, burst: 4, pauseMs: 20 });
      assert.equal(text, 'cut counted to 40');
      assert.deepEqual(client.numbers, numbersTo(40));
      assert.ok(proxy.cuts >= 4, `${proxy.cuts} cuts`);
    });

    test(`${driver}: a resumed stream that is cut before it has said anything is found again`, async t => {
      const { client, proxy, chaos } = await scene(t, connect, driver, () => undefined);
      const called = client.call('wait', { mark: 'silent' });
      await eventually(() => chaos.waiting.has('silent') && client.numbers.length === 1);
      for (let times = 0; times < 3; times++) {
        proxy.cutAll();
        // The client has come back, and nothing was to be told.
        await delay(4 * RETRY_MS);
      }
      chaos.release('silent');
      assert.equal(await called, 'silent was released');
      assert.deepEqual(client.numbers, [0]);
    });

    test(`${driver}: what changes while the GET stream is away is told once it is back`, async t => {
      const { client, proxy, chaos } = await scene(t, connect, driver, () => undefined);
      const uris = numbersTo(60).map(number => `tick://get/${number}`);
      for (const uri of uris) await client.subscribe(uri);
      for (const [index, uri] of uris.entries()) {
        if (index % 10 === 5) proxy.cutAll();
        chaos.mcp.sendResourceUpdated({ uri });
        if (index % 4 === 0) await delay(15);
      }
      await eventually(() => client.updated.length >= uris.length, 'all changes');
      // Cut and back, without a change in between: the next one is not missed.
      proxy.cutAll();
      await delay(4 * RETRY_MS);
      proxy.cutAll();
      chaos.mcp.sendResourceUpdated({ uri: uris[0]! });
      await eventually(() => client.updated.length > uris.length, 'the last change');
      assert.deepEqual(client.updated, [...uris, uris[0]]);
    });

    test(`${driver}: a question is asked once, though its stream is cut before it is answered`, async t => {
      let answered: (() => void) | undefined;
      const { client, proxy } = await scene(
        t,
        connect,
        driver,
        () => undefined,
        () =>
          new Promise(resolve => {
            answered = () => resolve('hello');
          }),
      );
      const called = client.call('ask', { mark: 'where' });
      await eventually(() => answered !== undefined);
      proxy.cutAll();
      await delay(3 * RETRY_MS);
      answered?.();
      assert.equal(await called, 'where heard accept hello');
      assert.deepEqual(client.asked, ['where']);
    });
  }

  test('a server that is killed and restarted: the session lives, a lost call fails, changes are told', async t => {
    const stateDir = mkdtempSync(join(tmpdir(), 'slipway-clients-'));
    const processes = [new ServerProcess(), new ServerProcess(), new ServerProcess()];
    t.after(async () => {
      await Promise.all(processes.map(one => one.kill()));
      rmSync(stateDir, { recursive: true, force: true });
    });
    const [first, second, other] = processes as [ServerProcess, ServerProcess, ServerProcess];
    const port = await first.serve({ port: 0, stateDir });
    const otherPort = await other.serve({ port: 0, stateDir });
    const client = await connect({ url: `http://127.0.0.1:${port}/mcp` });
    t.after(() => client.close());
    const publisher = await connect({ url: `http://127.0.0.1:${otherPort}/mcp` });
    t.after(() => publisher.close());
    const uris = numbersTo(6).map(number => `tick://restart/${number}`);
    for (const uri of uris) await client.subscribe(uri);
    const before = client.sessionId;

    await publisher.call('touch', { uri: uris[0]! });
    await eventually(() => client.updated.length === 1, 'the change before the restart');
    const lost = client.call('wait', { mark: 'lost' });
    // It may be rejected before somebody looks.
    lost.catch(() => {});
    await eventually(() => client.numbers.length === 1, 'the first message of the call');
    await first.kill();
    for (const uri of uris.slice(1, 4)) await publisher.call('touch', { uri });
    assert.equal(await second.serve({ port, stateDir }), port);
    await assert.rejects(lost, (error: { code?: unknown; data?: { code?: unknown } }) => {
      assert.deepEqual([error.code, error.data?.code], [-32603, 'SLIP_CALL_LOST']);
      return true;
    });
    for (const uri of uris.slice(4)) await publisher.call('touch', { uri });
    await eventually(() => client.updated.length >= uris.length, 'all changes');
    assert.equal(await client.call('echo', { mark: 'here again' }), 'here again');
    assert.equal(await client.call('count', { mark: 'x', events: 3, burst: 1, pauseMs: 1 }), 'x counted to 3');
    assert.equal(client.sessionId, before);
    assert.deepEqual(client.updated, uris);
    assert.deepEqual(client.numbers, [0, 1, 2, 3]);
  });
}
