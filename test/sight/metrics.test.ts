import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { McpServer, ProtocolError } from 'slipway';
import { callMetrics } from '../../src/host/sight/call-metrics.ts';
import { MAX_SERIES } from '../../src/host/sight/call-series.ts';
import { version } from '../../src/host/version.ts';
import { RequestContext } from '../../src/server/context.ts';
import type { Peer } from '../../src/server/peer.ts';
import { ask, askLegacy, callTool, modern, send } from '../support/mcp-post.ts';
import { namesIn, samplesOf, watchedServer } from './watched-server.ts';

const DURATION = 'mcp_server_operation_duration_seconds';

function serverOf(): McpServer {
  const server = new McpServer({ name: 'measured', version: '1.0.0' });
  server.registerTool('fine', {}, () => ({ content: [] }));
  server.registerTool('odd', {}, () => ({ content: [], isError: true }));
  server.registerTool(
    'slow',
    {},
    ctx =>
      new Promise((_, reject) => {
        ctx.mcpReq.signal.addEventListener('abort', () => reject(new Error('too late')));
      }),
  );
  server.registerPrompt('greet', {}, () => ({ messages: [] }));
  server.registerPrompt('refusing', {}, () => {
    throw new ProtocolError(-32050, 'no');
  });
  return server;
}

/** The counts of calls by method, tool and error. */
function callsIn(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [labels, value] of samplesOf(text, `${DURATION}_count`)) {
    const { mcp_method_name, gen_ai_tool_name, error_type } = Object.fromEntries(
      [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, text]) => [name, text]),
    );
    counts[[mcp_method_name, gen_ai_tool_name, error_type].join('|')] = value;
  }
  return counts;
}

describe('the metrics of calls', () => {
  test('count every call once, by method, tool and how it ended', async t => {
    const { url, scrape } = await watchedServer(t, serverOf());
    await callTool(url, 'fine');
    await callTool(url, 'fine');
    await callTool(url, 'odd');
    await callTool(url, 'invented-1');
    await callTool(url, 'invented-2');
    await ask(url, 'tools/list');
    await ask(url, 'prompts/get', { name: 'greet' });
    await ask(url, 'prompts/get', { name: 'refusing' });
    await ask(url, 'invented/method');
    await askLegacy(url, 'tools/list');
    const gone = new AbortController();
    const left = send(url, modern('tools/call', { name: 'slow' }), gone.signal);
    setTimeout(() => gone.abort(), 50);
    await assert.rejects(left);
    let calls: Record<string, number> = {};
    for (let tries = 0; tries < 100 && calls['tools/call|slow|cancelled'] === undefined; tries++) {
      await new Promise(resolve => setTimeout(resolve, 20));
      calls = callsIn(await scrape());
    }
    assert.deepEqual(calls, {
      'tools/call|fine|': 2,
      'tools/call|odd|tool_error': 1,
      'tools/call|_OTHER|-32602': 2,
      'tools/list||': 2,
      'prompts/get||': 1,
      'prompts/get||-32050': 1,
      '_OTHER||-32601': 1,
      'tools/call|slow|cancelled': 1,
    });
  });

  test('put durations into buckets from 1 ms to 300 s', async t => {
    const server = new McpServer({ name: 'measured', version: '1.0.0' });
    server.registerTool('nap', {}, async () => {
      await new Promise(resolve => setTimeout(resolve, 60));
      return { content: [] };
    });
    const { url, scrape } = await watchedServer(t, server);
    await callTool(url, 'nap');
    const text = await scrape();
    const buckets = [...samplesOf(text, `${DURATION}_bucket`)].map(
      ([labels, value]) => [/le="([^"]+)"/.exec(labels)![1]!, value] as const,
    );
    assert.equal(buckets.length, 18);
    assert.deepEqual(buckets[0], ['0.001', 0]);
    assert.deepEqual(buckets.at(-2), ['300', 1]);
    assert.deepEqual(buckets.at(-1), ['+Inf', 1]);
    assert.equal(buckets.find(([le]) => le === '0.05')![1], 0, 'it took 60 ms');
    assert.equal(buckets.find(([le]) => le === '5')![1], 1);
    const [sum] = samplesOf(text, `${DURATION}_sum`).values();
    assert.ok(sum! >= 0.055 && sum! < 5, `${sum} s`);
  });

  test('have no more series than there are tools, whatever 10,000 names clients invent', async t => {
    const { url, scrape } = await watchedServer(t, serverOf());
    const batch = 100;
    for (let from = 0; from < 300; from += batch) {
      await Promise.all(
        Array.from({ length: batch }, (_, at) => callTool(url, `invented-${from + at}`, {}, { id: `id-${from + at}` })),
      );
    }
    assert.deepEqual(callsIn(await scrape()), { 'tools/call|_OTHER|-32602': 300 });
    const metrics = callMetrics({ version: '0.0.0' });
    t.after(() => metrics.stop());
    const { core } = serverOf();
    for (let at = 0; at < 10_000; at++) {
      const call = {
        id: at,
        method: at % 2 === 0 ? `invented/${at}` : 'tools/call',
        params: { name: `invented-${at}` },
        revision: '2026-07-28',
        envelope: undefined,
      };
      const context = new RequestContext(core, call, {} as Peer);
      metrics.ended({ context, durationMs: 1, outcome: 'error', errorCode: -32602, error: undefined });
    }
    assert.deepEqual(callsIn(await metrics.text()), { '_OTHER||-32602': 5000, 'tools/call|_OTHER|-32602': 5000 });
  });

  test('have a bound even when the server itself invents tools', async t => {
    const metrics = callMetrics({ version: '0.0.0' });
    t.after(() => metrics.stop());
    const { core } = serverOf();
    const call = { id: 1, method: 'tools/call', params: {}, revision: '2026-07-28', envelope: undefined };
    for (let at = 0; at < 3 * MAX_SERIES; at++) {
      const context = new RequestContext(core, call, {} as Peer);
      context.component = `made-${at}`;
      const failed = at % 2 === 1;
      metrics.ended({
        context,
        durationMs: 1,
        outcome: failed ? 'error' : 'ok',
        errorCode: failed ? at : undefined,
        error: undefined,
      });
    }
    const calls = callsIn(await metrics.text());
    assert.equal(Object.keys(calls).length, MAX_SERIES + 2);
    assert.equal(calls['_OTHER|_OTHER|'], MAX_SERIES);
    assert.equal(calls['_OTHER|_OTHER|_OTHER'], MAX_SERIES);
  });

  test('cost less than half a microsecond per call', t => {
    const metrics = callMetrics({ version: '0.0.0' });
    t.after(() => metrics.stop());
    const { core } = serverOf();
    // As they arrive: a fresh string in every request.
    const calls = Array.from({ length: 1000 }, (_, id) => {
      const call = JSON.parse(`{"id":${id},"method":"tools/call","params":{"name":"fine"},"revision":"2026-07-28"}`);
      const context = new RequestContext(core, call, {} as Peer);
      context.component = call.params.name;
      return { context, durationMs: (id % 100) / 10, outcome: 'ok', errorCode: undefined, error: undefined } as const;
    });
    const rounds = Array.from({ length: 20 }, () => {
      const start = performance.now();
      for (let times = 0; times < 20; times++) for (const call of calls) metrics.ended(call);
      return ((performance.now() - start) / (20 * calls.length)) * 1e6;
    });
    const best = Math.min(...rounds);
    t.diagnostic(`${best.toFixed(0)} ns per call`);
    assert.ok(best < 500, `${best.toFixed(0)} ns`);
  });
});

describe('the metrics of what is no call', () => {
  test('count refused requests by status and code, and say nothing of who asked', async t => {
    const { url, scrape } = await watchedServer(t, serverOf());
    const { port } = new URL(url);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asking = request({ port, path: '/mcp', method: 'POST', headers: { host: 'evil.example' } }, answer => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asking.on('error', reject);
      asking.end('{}');
    });
    assert.equal(status, 403);
    await fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' });
    const text = await scrape();
    const refused = samplesOf(text, 'slipway_http_refused_total');
    assert.equal(refused.get('status="403",code="SLIP_HOST_REFUSED"'), 1, [...refused.keys()].join());
    assert.equal(refused.get('status="415",code="SLIP_MEDIA_TYPE"'), 1);
    assert.doesNotMatch(text, /evil|127\.0\.0\.1/);
  });

  test('tell what streams are open and were opened', async t => {
    const { url, scrape } = await watchedServer(t, serverOf());
    const listening = new AbortController();
    t.after(() => listening.abort());
    const filter = { notifications: { toolsListChanged: true } };
    const opened = await send(url, modern('subscriptions/listen', filter), listening.signal);
    assert.equal(opened.status, 200);
    const text = await scrape();
    const open = Object.fromEntries(samplesOf(text, 'slipway_streams_open'));
    assert.deepEqual(open, { 'kind="listen"': 1, 'kind="get"': 0, 'kind="resumed"': 0, 'kind="sse"': 0 });
    const kinds = Object.fromEntries(samplesOf(text, 'slipway_streams_opened_total'));
    assert.deepEqual(kinds, { 'kind="listen"': 1, 'kind="get"': 0, 'kind="sse"': 0 });
  });

  test('tell what is in flight', async t => {
    const { url, scrape } = await watchedServer(t, serverOf());
    const gone = new AbortController();
    const left = send(url, modern('tools/call', { name: 'slow' }), gone.signal);
    left.catch(() => {});
    const inFlight = async (): Promise<number | undefined> =>
      samplesOf(await scrape(), 'slipway_requests_in_flight').get('');
    for (let tries = 0; tries < 100 && (await inFlight()) !== 1; tries++) {
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    const text = await scrape();
    assert.equal(samplesOf(text, 'slipway_requests_in_flight').get(''), 1);
    assert.equal(samplesOf(text, 'slipway_requests_reading').get(''), 0);
    assert.equal(samplesOf(text, 'slipway_connections_open').get(''), 1);
    assert.deepEqual(Object.fromEntries(samplesOf(text, 'slipway_lines_lost_total')), {
      'stream="log"': 0,
      'stream="audit"': 0,
    });
    gone.abort();
    await assert.rejects(left);
  });

  test('tell how the process does', async t => {
    const { scrape } = await watchedServer(t, serverOf());
    await scrape();
    const until = performance.now() + 150;
    await new Promise(resolve => setTimeout(resolve, 50));
    while (performance.now() < until);
    await new Promise(resolve => setTimeout(resolve, 50));
    const text = await scrape();
    const one = (name: string): number => [...samplesOf(text, name).values()][0] ?? Number.NaN;
    assert.ok(one('nodejs_eventloop_lag_max_seconds') > 0.04, 'the loop was held up for 100 ms');
    assert.ok(one('nodejs_eventloop_lag_max_seconds') < 5);
    assert.ok(one('process_resident_memory_bytes') > 2 ** 24);
    assert.ok(one('nodejs_heap_size_used_bytes') > 2 ** 20);
    assert.ok(one('process_cpu_seconds_total') > 0.05);
    assert.ok(Math.abs(Date.now() / 1000 - process.uptime() - one('process_start_time_seconds')) < 5);
    assert.equal(one('slipway_ready'), 1);
    assert.equal(
      [...samplesOf(text, 'slipway_build_info').keys()][0],
      `version="${version()}",node="${process.versions.node}"`,
    );
    if (process.platform === 'linux') assert.ok(one('process_open_fds') > 3 && one('process_max_fds') > 100);
    const again = samplesOf(await scrape(), 'nodejs_eventloop_lag_max_seconds');
    assert.ok([...again.values()][0]! < one('nodejs_eventloop_lag_max_seconds'), 'each scrape begins anew');
  });

  test('count garbage collections', async t => {
    const { scrape } = await watchedServer(t, serverOf());
    let kept: unknown[] = [];
    const counted = async () => [...samplesOf(await scrape(), 'nodejs_gc_duration_seconds_count').values()];
    for (let tries = 0; tries < 50 && (await counted()).length === 0; tries++) {
      kept = Array.from({ length: 200_000 }, (_, at) => ({ at }));
      await new Promise(resolve => setImmediate(resolve));
    }
    assert.equal(kept.length, 200_000);
    assert.ok((await counted()).every(count => count >= 1));
    assert.notDeepEqual(await counted(), []);
  });

  test('time the commits of a store that has some', async t => {
    const directory = await mkdtemp(join(tmpdir(), 'slipway-metrics-'));
    t.after(() => rm(directory, { recursive: true, force: true }));
    const { url, scrape } = await watchedServer(t, serverOf(), { stateDir: directory });
    const listening = new AbortController();
    t.after(() => listening.abort());
    await fetch(url, { headers: { accept: 'text/event-stream' }, signal: listening.signal });
    let text = '';
    const commits = (): number => [...samplesOf(text, 'slipway_state_commit_duration_seconds_count').values()][0] ?? 0;
    for (let tries = 0; tries < 100 && commits() === 0; tries++) {
      await new Promise(resolve => setTimeout(resolve, 20));
      text = await scrape();
    }
    assert.ok(commits() > 0);
    assert.equal([...samplesOf(text, 'slipway_state_up').values()][0], 1);
    assert.equal([...samplesOf(text, 'slipway_state_commits_failed_total').values()][0], 0);
  });

  test('say that the store is down', async t => {
    const metrics = callMetrics({ version: '0.0.0' });
    t.after(() => metrics.stop());
    let tell = (_ms: number, _ok: boolean): void => {};
    let listeners = 0;
    metrics.watch({
      state: {
        health: () => ({ ok: false, why: 'the disk is full' }),
        onCommit: listener => {
          tell = listener;
          listeners++;
          return () => listeners--;
        },
      },
    });
    tell(3, false);
    tell(1, true);
    const text = await metrics.text();
    assert.equal(samplesOf(text, 'slipway_state_up').get(''), 0);
    assert.equal(samplesOf(text, 'slipway_state_commits_failed_total').get(''), 1);
    assert.equal(samplesOf(text, 'slipway_state_commit_duration_seconds_count').get(''), 2);
    assert.doesNotMatch(text, /disk/);
    metrics.stop();
    assert.equal(listeners, 0);
  });

  test('are not ready when they are asked for too early, and never print what is only for merging', async t => {
    const metrics = callMetrics({ version: '0.0.0' });
    t.after(() => metrics.stop());
    const names = namesIn(await metrics.text());
    assert.ok(names.has('process_resident_memory_bytes'));
    assert.ok(!names.has('slipway_requests_in_flight'));
    assert.ok(!names.has('slipway_instance'));
  });
});
