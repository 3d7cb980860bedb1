import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { counter, gauge, INSTANCE, type MetricFamily } from '../../src/host/sight/metric-family.ts';
import { aggregateMetrics, WorkerMetrics } from '../../src/host/sight/metrics-aggregation.ts';
import { primaryMetrics } from '../../src/host/sight/primary-metrics.ts';
import { namesIn, samplesOf } from './watched-server.ts';

const worker = resolve(import.meta.dirname, 'fixtures/measuring-worker.ts');

/** What a process measures in its own memory, sent over Node's IPC. */
async function measuredElsewhere(calls: number): Promise<unknown> {
  const child = fork(worker, [String(calls)], { execArgv: ['--conditions=@slipway/source'] });
  const [part] = await once(child, 'message', { signal: AbortSignal.timeout(10_000) });
  child.disconnect();
  await once(child, 'exit');
  return part;
}

function partOf(instance: string, calls: number, held = 1): MetricFamily[] {
  return [
    gauge(INSTANCE, 'x', [{ labels: { id: instance }, value: 1 }], 'omit'),
    counter('calls_total', 'Calls.', calls),
    gauge('held', 'Held.', held),
  ];
}

const one = (text: string, name: string): number | undefined => [...samplesOf(text, name).values()][0];

describe('the metrics of several processes', () => {
  test('become those of one service: sums, the worst and the least', async () => {
    const parts = await Promise.all([measuredElsewhere(3), measuredElsewhere(4)]);
    const separate = await Promise.all(parts.map(part => aggregateMetrics([part])));
    const text = await aggregateMetrics(parts);
    const labels = 'mcp_method_name="tools/call",gen_ai_tool_name="fine",error_type=""';
    assert.equal(samplesOf(text, 'mcp_server_operation_duration_seconds_count').get(labels), 7);
    assert.equal(samplesOf(text, 'mcp_server_operation_duration_seconds_bucket').get(`${labels},le="+Inf"`), 7);
    const of = (name: string) => separate.map(text => one(text, name)!);
    const sum = of('process_resident_memory_bytes').reduce((a, b) => a + b);
    assert.equal(one(text, 'process_resident_memory_bytes'), sum);
    for (const worst of ['nodejs_eventloop_lag_p99_seconds', 'nodejs_eventloop_lag_max_seconds', 'process_open_fds']) {
      assert.equal(one(text, worst), Math.max(...of(worst)), worst);
    }
    for (const least of ['process_start_time_seconds', 'slipway_ready', 'slipway_state_up']) {
      assert.equal(one(text, least), Math.min(...of(least)), least);
    }
    assert.equal(samplesOf(text, 'slipway_build_info').size, 1);
    assert.equal(one(text, 'slipway_build_info'), 1);
    // A process that has not collected garbage yet has no such metric.
    const all = [...new Set(separate.flatMap(text => [...namesIn(text)]))];
    assert.deepEqual([...namesIn(text)].sort(), all.sort(), 'none is lost');
  });

  test('a service is ready only if all of it is', async () => {
    const of = (ready: number) => [gauge('slipway_ready', 'Ready.', ready, 'min')];
    assert.equal(one(await aggregateMetrics([of(1), of(1)]), 'slipway_ready'), 1);
    assert.equal(one(await aggregateMetrics([of(1), of(0)]), 'slipway_ready'), 0);
  });

  test('counts of a worker that ended stay, what it held does not', async () => {
    const metrics = new WorkerMetrics();
    const own = partOf('primary', 0, 0);
    let text = await metrics.text(own, [partOf('1', 10), partOf('2', 20)]);
    assert.equal(one(text, 'calls_total'), 30);
    assert.equal(one(text, 'held'), 2);
    text = await metrics.text(own, [partOf('2', 25)]);
    assert.equal(one(text, 'calls_total'), 35);
    assert.equal(one(text, 'held'), 1);
    text = await metrics.text(own, [partOf('2', 25), partOf('3', 1)]);
    assert.equal(one(text, 'calls_total'), 36);
    assert.equal(one(text, 'held'), 2);
  });

  test('counts of a worker that was late once are not taken twice', async () => {
    const metrics = new WorkerMetrics();
    const own = partOf('primary', 0, 0);
    assert.equal(one(await metrics.text(own, [partOf('1', 10)]), 'calls_total'), 10);
    assert.equal(one(await metrics.text(own, []), 'calls_total'), 10);
    assert.equal(one(await metrics.text(own, [partOf('1', 12)]), 'calls_total'), 12);
  });

  test('the last word of a worker counts', async () => {
    const metrics = new WorkerMetrics();
    await metrics.text([], [partOf('1', 10)]);
    metrics.update(partOf('1', 17));
    assert.equal(one(await metrics.text([], []), 'calls_total'), 17);
  });

  test('a thousand workers one after the other leave their counts, and no more than that', async () => {
    const metrics = new WorkerMetrics();
    let longest = 0;
    for (let at = 1; at <= 1000; at++) metrics.update(partOf(String(at), 1));
    for (let scrape = 0; scrape < 3; scrape++) {
      const text = await metrics.text([], [partOf('live', 5)]);
      assert.equal(one(text, 'calls_total'), 1005);
      assert.equal(one(text, 'held'), 1);
      longest = Math.max(longest, text.length);
    }
    assert.ok(longest < 500);
  });

  test('the primary adds its workers and itself', async t => {
    const primary = primaryMetrics();
    t.after(() => primary.stop());
    const part = await measuredElsewhere(1);
    const text = await new WorkerMetrics().text(primary.json({ serving: 1, wanted: 2, crashes: 3 }), [part]);
    assert.equal(one(text, 'slipway_workers'), 1);
    assert.equal(one(text, 'slipway_workers_wanted'), 2);
    assert.equal(one(text, 'slipway_worker_restarts_total'), 3);
    assert.ok(
      one(text, 'process_resident_memory_bytes')! >
        one(await aggregateMetrics([part]), 'process_resident_memory_bytes')!,
    );
  });

  test('what is no measurement is left out', async () => {
    const text = await new WorkerMetrics().text(partOf('primary', 1), [undefined, 'no', 7, null, {}]);
    assert.equal(one(text, 'calls_total'), 1);
  });
});
