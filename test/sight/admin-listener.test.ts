import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { resolve } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { McpServer } from 'slipway';
import { type AdminListener, type AdminListenerOptions, adminListener } from '../../src/host/sight/admin-listener.ts';
import { counter } from '../../src/host/sight/metric-family.ts';
import { type WorkerHealth, workersAdmin } from '../../src/host/sight/workers-admin.ts';
import { samplesOf, watchedServer } from './watched-server.ts';

async function listening(t: TestContext, options: Partial<AdminListenerOptions> = {}): Promise<AdminListener> {
  const admin = await adminListener({
    port: 0,
    metrics: async () => '# TYPE up gauge\nup 1\n',
    health: () => ({ ok: true, version: '1.2.3' }),
    ready: async () => ({ ready: true, checks: [{ name: 'serving', ok: true }] }),
    ...options,
  });
  t.after(() => admin.close());
  return admin;
}

/** `fetch` does not let a Host header through. */
function asking(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: { host } }, answer => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the admin listener of several workers', () => {
  const ready = { ready: true, checks: [{ name: 'serving', ok: true }] };
  const unready = {
    ready: false,
    checks: [
      { name: 'serving', ok: true },
      { name: 'database', ok: false, why: 'gone' },
    ],
  };

  async function workersListening(t: TestContext, health: readonly WorkerHealth[], draining = false): Promise<string> {
    const counted = [counter('calls_total', 'Calls.', 3)];
    const admin = await workersAdmin({
      port: 0,
      version: '1.2.3',
      draining: () => draining,
      workers: {
        count: health.length,
        crashes: 7,
        metrics: async () => health.filter(({ fault }) => fault === undefined).map(() => counted),
        health: async () => health,
      },
    });
    t.after(() => admin.close());
    return admin.url;
  }

  test('sums up what they measured, and says how many there are', async t => {
    const url = await workersListening(t, [
      { slot: 1, pid: 11, value: ready },
      { slot: 2, pid: 12, value: ready },
      { slot: 3, pid: 0, fault: 'no process serves' },
    ]);
    const text = await (await fetch(`${url}/metrics`)).text();
    assert.equal(samplesOf(text, 'calls_total').get(''), 6);
    assert.equal(samplesOf(text, 'slipway_workers').get(''), 2);
    assert.equal(samplesOf(text, 'slipway_workers_wanted').get(''), 3);
    assert.equal(samplesOf(text, 'slipway_worker_restarts_total').get(''), 7);
    const health = await fetch(`${url}/healthz`);
    assert.equal(health.status, 200);
    const { ok, workers, pid, event_loop_delay_ms } = (await health.json()) as Record<string, unknown>;
    assert.deepEqual(
      [ok, workers, pid],
      [
        true,
        [
          { slot: 1, pid: 11 },
          { slot: 2, pid: 12 },
        ],
        process.pid,
      ],
    );
    assert.deepEqual(Object.keys(event_loop_delay_ms as object), ['p50', 'p99', 'max']);
  });

  test('is ready as long as one worker is, and says what is wrong with the others', async t => {
    const url = await workersListening(t, [
      { slot: 1, pid: 11, value: unready },
      { slot: 2, pid: 12, value: ready },
    ]);
    const answer = await fetch(`${url}/readyz`);
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), {
      ready: true,
      checks: [
        { name: 'serving', ok: true },
        { name: 'worker 1', ok: false, why: 'database: gone' },
        { name: 'worker 2', ok: true },
      ],
    });
  });

  test('is not ready without a worker that is, or when it is about to stop', async t => {
    const without = await workersListening(t, [
      { slot: 1, pid: 11, value: unready },
      { slot: 2, pid: 0, fault: 'no process serves' },
    ]);
    assert.equal((await fetch(`${without}/readyz`)).status, 503);
    assert.equal((await fetch(`${without}/healthz`)).status, 200);
    const none = await workersListening(t, [{ slot: 1, pid: 0, fault: 'no process serves' }]);
    assert.equal((await fetch(`${none}/healthz`)).status, 503);
    const stopping = await workersListening(t, [{ slot: 1, pid: 11, value: ready }], true);
    const answer = await fetch(`${stopping}/readyz`);
    assert.equal(answer.status, 503);
    assert.match(await answer.text(), /about to stop/);
  });
});

describe('the admin listener', () => {
  test('answers each of its pages, and lists them', async t => {
    const { url } = await listening(t);
    const metrics = await fetch(`${url}/metrics?x=1`);
    assert.equal(metrics.status, 200);
    assert.equal(metrics.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal(await metrics.text(), '# TYPE up gauge\nup 1\n');
    const health = await fetch(`${url}/healthz`);
    assert.equal(health.status, 200);
    assert.deepEqual(await health.json(), { ok: true, version: '1.2.3' });
    const ready = await fetch(`${url}/readyz`);
    assert.equal(ready.status, 200);
    assert.deepEqual(await ready.json(), { ready: true, checks: [{ name: 'serving', ok: true }] });
    const index = await fetch(url);
    assert.equal(index.status, 200);
    assert.match(await index.text(), /^\/metrics .*\n\/healthz .*\n\/readyz .*\n$/);
    for (const answer of [metrics, health, ready, index]) {
      assert.equal(answer.headers.get('connection'), 'close');
      assert.equal(answer.headers.get('cache-control'), 'no-store');
    }
  });

  test('says 503 with the reasons when the server is not ready, or not well', async t => {
    const checks = [{ name: 'database', ok: false, why: 'connection refused', ms: 12 }];
    const { url } = await listening(t, {
      ready: async () => ({ ready: false, checks }),
      health: () => ({ ok: false, workers: 0 }),
    });
    const ready = await fetch(`${url}/readyz`);
    assert.equal(ready.status, 503);
    assert.deepEqual(await ready.json(), { ready: false, checks });
    assert.equal((await fetch(`${url}/healthz`)).status, 503);
  });

  test('refuses other methods, other paths, and names that a page elsewhere could have', async t => {
    const { url, port } = await listening(t);
    const posted = await fetch(`${url}/metrics`, { method: 'POST', body: 'x' });
    assert.equal(posted.status, 405);
    assert.equal(posted.headers.get('allow'), 'GET, HEAD');
    const head = await fetch(`${url}/metrics`, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(head.headers.get('content-length'), '21');
    assert.equal(await head.text(), '');
    for (const path of ['/mcp', '/metrics/', '/constructor', '/__proto__']) {
      assert.equal((await fetch(url + path)).status, 404, path);
    }
    assert.equal(await asking(`${url}/metrics`, 'evil.example'), 403);
    assert.equal(await asking(`${url}/metrics`, `evil.example:${port}`), 403);
    assert.equal(await asking(`${url}/metrics`, `localhost:${port}`), 200);
  });

  test('says no more than that it failed, and logs why', async t => {
    const logged: object[] = [];
    const log = (fields: object): void => void logged.push(fields);
    const { url } = await listening(t, {
      metrics: async () => {
        throw new Error('secret.internal:5432');
      },
      logger: { debug: log, info: log, warn: log, error: log },
    });
    const answer = await fetch(`${url}/metrics`);
    assert.equal(answer.status, 500);
    assert.doesNotMatch(await answer.text(), /secret/);
    assert.equal(logged.length, 1);
    assert.match(String((logged[0] as { error: unknown }).error), /secret\.internal/);
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
  });

  test('measures once for all who ask at the same time', async t => {
    let times = 0;
    const { url } = await listening(t, {
      metrics: async () => {
        times++;
        await new Promise(resolve => setTimeout(resolve, 100));
        return `scrape ${times}\n`;
      },
    });
    const texts = await Promise.all(Array.from({ length: 5 }, async () => (await fetch(`${url}/metrics`)).text()));
    assert.deepEqual(new Set(texts), new Set(['scrape 1\n']));
    assert.equal(await (await fetch(`${url}/metrics`)).text(), 'scrape 2\n');
  });

  test('closes at once with nobody there, and within a second whoever stays connected', async t => {
    const alone = await listening(t);
    await (await fetch(alone.url)).text();
    let start = performance.now();
    await alone.close();
    assert.ok(performance.now() - start < 300, 'nobody there');

    const { port, close } = await listening(t, { metrics: () => new Promise(() => {}) });
    const silent = connect(port, '127.0.0.1');
    const waiting = connect(port, '127.0.0.1');
    const ends = [once(silent, 'close'), once(waiting, 'close')];
    for (const socket of [silent, waiting]) socket.on('error', () => {}).resume();
    await once(waiting, 'connect');
    waiting.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await new Promise(resolve => setTimeout(resolve, 50));
    start = performance.now();
    await close();
    await Promise.all(ends);
    assert.ok(performance.now() - start < 1500, `${performance.now() - start} ms`);
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
  });

  test('takes over a socket that listens already', async t => {
    const held = createServer();
    held.listen(0, '127.0.0.1');
    await once(held, 'listening');
    t.after(() => held.close());
    const { port } = held.address() as AddressInfo;
    const { fd } = (held as unknown as { _handle: { fd: number } })._handle;
    const file = resolve(import.meta.dirname, '../../src/host/sight/admin-listener.ts');
    const script = `
      import { adminListener } from ${JSON.stringify(file)};
      const admin = await adminListener({ port: 1, fd: 3, metrics: async () => 'child', health: () => ({ ok: true }) });
      console.log(admin.port);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit', fd],
    });
    t.after(() => child.kill());
    const [said] = await once(child.stdout!, 'data', { signal: AbortSignal.timeout(10_000) });
    assert.equal(Number(String(said)), port);
    // From here on the child alone has it.
    held.close();
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text(), 'child');
  });

  test('a port in use is the error of node:net', async t => {
    const { port } = await listening(t);
    await assert.rejects(listening(t, { port }), { code: 'EADDRINUSE' });
  });

  test('what it serves is nowhere on the public port', async t => {
    const { url } = await watchedServer(t, new McpServer({ name: 'x', version: '1.0.0' }));
    const metrics = await fetch(new URL('/metrics', url));
    assert.notEqual(metrics.status, 200);
    assert.doesNotMatch(await metrics.text(), /process_|slipway_/);
  });
});
