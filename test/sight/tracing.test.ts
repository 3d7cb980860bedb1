// Traces and the duration metric, exported by the SDK of OpenTelemetry in another process to a receiver of ours.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type TracerProvider, trace } from '@opentelemetry/api';
import { McpServer } from 'slipway';
import { callTracing } from '../../src/host/sight/call-tracing.ts';
import { traceIdsOf } from '../../src/host/sight/trace-context.ts';
import { RequestContext } from '../../src/server/context.ts';
import type { Peer } from '../../src/server/peer.ts';
import { ask, askLegacy, callTool, legacy, modern, send } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';
import {
  attributesOf,
  ERROR,
  INTERNAL,
  type OtlpReceiver,
  type OtlpSpan,
  otlpReceiver,
  SERVER,
} from './otlp-receiver.ts';

const fixtures = resolve(import.meta.dirname, 'fixtures');
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE}-${PARENT}-01`;

interface Traced {
  readonly url: string;
  /** Whether somebody watches calls. */
  readonly watched: boolean;
  readonly receiver: OtlpReceiver;
  /** The span of the request with that id, and what is inside of it. */
  spansOf(id: string): Promise<readonly [OtlpSpan, ...OtlpSpan[]]>;
  /** Has the server stop in order. */
  finish(): Promise<void>;
}

async function tracedServer(variables: Record<string, string> = {}, sdk = true): Promise<Traced & AsyncDisposable> {
  const receiver = await otlpReceiver();
  const instrumentation = sdk ? ['--import', resolve(fixtures, 'instrumentation.ts')] : [];
  const child = fork(resolve(fixtures, 'traced-server.ts'), {
    execArgv: ['--conditions=@slipway/source', ...instrumentation],
    // What is logged is not looked at here.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {
      ...process.env,
      OTEL_SERVICE_NAME: 'traced',
      OTEL_NODE_RESOURCE_DETECTORS: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'otlp',
      ...variables,
    },
  });
  const exited = once(child, 'exit');
  const [said] = await once(child, 'message', { signal: AbortSignal.timeout(20_000) });
  const { url, watched } = said as { url: string; watched: boolean };
  return {
    url,
    watched,
    receiver,
    spansOf: async id => {
      for (let tries = 0; tries < 500; tries++) {
        const found = receiver.spans.find(span => attributesOf(span)['jsonrpc.request.id'] === id);
        if (found !== undefined) {
          const within = receiver.spans.filter(({ traceId }) => traceId === found.traceId);
          return [found, ...within.filter(span => span !== found)];
        }
        await new Promise(resolve => setTimeout(resolve, 10));
      }
      throw new Error(`no span of request ${id} has arrived`);
    },
    finish: async () => {
      child.send('finish');
      assert.equal((await exited)[0], 0);
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      receiver.close();
    },
  };
}

const SOON = { OTEL_BSP_SCHEDULE_DELAY: '20', OTEL_METRIC_EXPORT_INTERVAL: '200', OTEL_METRIC_EXPORT_TIMEOUT: '200' };

describe('traces', () => {
  let server: Awaited<ReturnType<typeof tracedServer>>;
  before(async () => {
    server = await tracedServer(SOON);
  });
  after(() => server[Symbol.asyncDispose]());

  test("begin at the client, name the call, and have the author's spans inside", async () => {
    const meta = { traceparent: TRACEPARENT, tracestate: 'vendor=1', baggage: 'user=alice' };
    const answer = await callTool(server.url, 'weather', { city: 'Springfield' }, { id: 'call-7', meta });
    assert.equal(answer.result.content[0].text, 'baggage alice');
    const [call, ...inside] = await server.spansOf('call-7');
    assert.equal(call.name, 'tools/call weather');
    assert.equal(call.kind, SERVER);
    assert.equal(call.traceId, TRACE);
    assert.equal(call.parentSpanId, PARENT);
    assert.equal(call.traceState, 'vendor=1');
    assert.deepEqual(attributesOf(call), {
      'mcp.method.name': 'tools/call',
      'jsonrpc.request.id': 'call-7',
      'gen_ai.operation.name': 'execute_tool',
      'mcp.protocol.version': '2026-07-28',
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'client.address': '127.0.0.1',
      'gen_ai.tool.name': 'weather',
    });
    assert.notEqual(call.status.code, ERROR);
    assert.deepEqual(new Set(inside.map(({ name }) => name)), new Set(['query', 'row']));
    const query = inside.find(({ name }) => name === 'query')!;
    assert.equal(query.parentSpanId, call.spanId);
    assert.equal(query.kind, INTERNAL);
    assert.equal(inside.find(({ name }) => name === 'row')!.parentSpanId, query.spanId);
    const took = Number(BigInt(call.endTimeUnixNano) - BigInt(call.startTimeUnixNano)) / 1e6;
    assert.ok(took >= 4 && took < 5000, `${took} ms`);
  });

  test('of what nobody has are no errors, under names that clients can not choose', async () => {
    await callTool(server.url, 'invented by a client', {}, { id: 'unknown-tool' });
    const [tool] = await server.spansOf('unknown-tool');
    assert.equal(tool.name, 'tools/call');
    assert.equal(attributesOf(tool)['rpc.response.status_code'], '-32602');
    assert.equal(attributesOf(tool)['gen_ai.tool.name'], undefined);
    await ask(server.url, 'invented/method', {}, { id: 'unknown-method' });
    const [method] = await server.spansOf('unknown-method');
    assert.equal(method.name, '_OTHER');
    assert.equal(attributesOf(method)['rpc.response.status_code'], '-32601');
    for (const span of [tool, method]) {
      assert.notEqual(span.status.code, ERROR);
      assert.equal(attributesOf(span)['error.type'], undefined);
      assert.deepEqual(span.events ?? [], []);
    }
  });

  test('of calls that fail say how, as the conventions have it', async () => {
    await callTool(server.url, 'odd', {}, { id: 'odd' });
    const [odd] = await server.spansOf('odd');
    assert.equal(odd.status.code, ERROR);
    assert.equal(attributesOf(odd)['error.type'], 'tool_error');
    assert.equal(attributesOf(odd)['rpc.response.status_code'], undefined);

    await ask(server.url, 'prompts/get', { name: 'refusing' }, { id: 'refusing' });
    const [refusing] = await server.spansOf('refusing');
    assert.equal(refusing.name, 'prompts/get refusing');
    assert.equal(refusing.status.code, ERROR);
    assert.equal(attributesOf(refusing)['error.type'], '-32050');
    assert.equal(attributesOf(refusing)['rpc.response.status_code'], '-32050');
    assert.equal(attributesOf(refusing)['gen_ai.prompt.name'], 'refusing');
    assert.equal(attributesOf(refusing)['gen_ai.operation.name'], undefined);
    assert.deepEqual(refusing.events, []);
  });

  test('record the error of a fault, which the client does not get to see', async () => {
    const answer = await ask(server.url, 'prompts/get', { name: 'broken' }, { id: 'broken' });
    assert.doesNotMatch(JSON.stringify(answer), /5432/);
    const [broken] = await server.spansOf('broken');
    assert.equal(broken.status.code, ERROR);
    assert.equal(attributesOf(broken)['error.type'], '-32603');
    assert.equal(broken.events[0]!.name, 'exception');
    assert.equal(attributesOf(broken.events[0]!)['exception.message'], 'db-internal:5432 is down');
  });

  test('of calls that were taken back are no errors', async () => {
    const gone = new AbortController();
    const left = send(server.url, modern('tools/call', { name: 'slow' }, { id: 'left' }), gone.signal);
    setTimeout(() => gone.abort(), 50);
    await assert.rejects(left);
    const [span] = await server.spansOf('left');
    assert.equal(span.name, 'tools/call slow');
    assert.equal(attributesOf(span)['slipway.outcome'], 'cancelled');
    assert.equal(attributesOf(span)['error.type'], undefined);
    assert.equal(attributesOf(span)['rpc.response.status_code'], undefined);
    assert.notEqual(span.status.code, ERROR);
  });

  test('show no arguments, URIs, tokens or session ids', async () => {
    const { url, receiver, spansOf } = server;
    const headers = { authorization: 'Bearer hunter2-token', cookie: 'hunter2-cookie' };
    await callTool(url, 'weather', { city: 'hunter2-city' }, { headers });
    await callTool(url, 'weather', { city: { nested: 'hunter2-refused' } });
    await ask(url, 'resources/read', { uri: 'file:///public/readme' }, { id: 'read' });
    await ask(url, 'resources/read', { uri: 'file:///hunter2-uri' }, { id: 'not-found' });
    assert.equal((await spansOf('read'))[0].name, 'resources/read');
    assert.equal(attributesOf((await spansOf('not-found'))[0])['rpc.response.status_code'], '-32602');
    const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
    const begun = await send(url, legacy('initialize', hello));
    const session = begun.headers.get('mcp-session-id');
    assert.ok(session);
    await begun.text();
    await askLegacy(url, 'tools/list', {}, { id: 'in-session', headers: { 'mcp-session-id': session } });
    const listed = attributesOf((await spansOf('in-session'))[0]);
    assert.match(String(listed['mcp.session.id']), /^[\da-f]{32}$/);
    assert.equal(listed['mcp.protocol.version'], '2025-11-25');
    const text = receiver.text();
    assert.ok(text.includes('db-internal') && text.includes('in-session'), 'there is something to look through');
    assert.doesNotMatch(text, /hunter2|public\/readme/);
    assert.ok(!text.includes(session));
  });

  test('go on from HTTP headers where nobody else looks at them', async () => {
    await callTool(server.url, 'odd', {}, { id: 'by-header', headers: { traceparent: TRACEPARENT } });
    const [odd] = await server.spansOf('by-header');
    assert.equal(odd.traceId, TRACE);
    assert.equal(odd.parentSpanId, PARENT);
  });

  test('begin anew where the client sends nonsense', async () => {
    const nonsense = ['x', 7, null, {}, [TRACEPARENT], `00-${'0'.repeat(32)}-${PARENT}-01`, 'z'.repeat(100_000)];
    for (const [at, traceparent] of nonsense.entries()) {
      const meta = { traceparent, tracestate: 7, baggage: {} };
      const { error } = await callTool(server.url, 'odd', {}, { id: `nonsense-${at}`, meta });
      assert.equal(error, undefined);
      const [{ parentSpanId, traceId }] = await server.spansOf(`nonsense-${at}`);
      assert.ok(parentSpanId === undefined || parentSpanId === '');
      assert.notEqual(traceId, TRACE);
    }
  });

  test('come with the metric of the conventions', async () => {
    const { url, receiver } = server;
    await callTool(url, 'measured');
    await callTool(url, 'measured');
    await ask(url, 'prompts/get', { name: 'greet' });
    for (let at = 0; at < 5; at++) await callTool(url, `invented-${at}`);
    const metric = () => receiver.metrics.get('mcp.server.operation.duration');
    const points = () => metric()?.histogram?.dataPoints ?? [];
    const of = (name: string, value: string) => points().find(point => attributesOf(point)[name] === value);
    for (let tries = 0; tries < 100 && Number(of('gen_ai.tool.name', '_OTHER')?.count ?? 0) < 6; tries++) {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    assert.equal(metric()!.unit, 's');
    const common = {
      'mcp.protocol.version': '2026-07-28',
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
    };
    const tool = { ...common, 'mcp.method.name': 'tools/call', 'gen_ai.operation.name': 'execute_tool' };
    const measured = of('gen_ai.tool.name', 'measured')!;
    assert.equal(Number(measured.count), 2);
    assert.deepEqual(attributesOf(measured), { ...tool, 'gen_ai.tool.name': 'measured', 'error.type': 'tool_error' });
    assert.deepEqual(measured.explicitBounds, [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300]);
    assert.ok(measured.sum < 2, 'seconds');
    assert.deepEqual(attributesOf(of('gen_ai.prompt.name', 'greet')!), {
      ...common,
      'mcp.method.name': 'prompts/get',
      'gen_ai.prompt.name': 'greet',
    });
    // Five of here and one of another test: however many names, one series.
    const unknown = of('gen_ai.tool.name', '_OTHER')!;
    assert.equal(Number(unknown.count), 6);
    assert.equal(attributesOf(unknown)['rpc.response.status_code'], '-32602');
    assert.equal(attributesOf(unknown)['error.type'], undefined);
    assert.ok(!JSON.stringify(points()).includes('invented'));
  });
});

test('what is held arrives before a server has stopped, with what its owner asked to see', async () => {
  // The defaults: five seconds for spans, a minute for metrics.
  await using server = await tracedServer({ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' });
  const { url, receiver } = server;
  await callTool(url, 'weather', { city: 'Springfield' }, { id: 'call' });
  await ask(url, 'resources/read', { uri: 'file:///public/readme' }, { id: 'read' });
  await ask(url, 'prompts/get', { name: 'refusing' }, { id: 'refusing' });
  const before = receiver.spans.length;
  await server.finish();
  assert.equal(before, 0);
  assert.ok(receiver.metrics.has('mcp.server.operation.duration'));
  const spanOf = (id: string) => receiver.spans.find(span => attributesOf(span)['jsonrpc.request.id'] === id)!;
  assert.equal(attributesOf(spanOf('call'))['gen_ai.tool.call.arguments'], '{"city":"Springfield"}');
  assert.equal(attributesOf(spanOf('read'))['mcp.resource.uri'], 'file:///public/readme');
  assert.deepEqual(spanOf('refusing').status, { code: ERROR, message: 'not today' });
});

test('the span of the HTTP request is linked, and the parent of calls without a span of the client', async () => {
  await using server = await tracedServer({ ...SOON, HTTP_SPANS: '1' });
  await callTool(server.url, 'odd', {}, { id: 'linked', meta: { traceparent: TRACEPARENT } });
  await callTool(server.url, 'odd', {}, { id: 'child' });
  const [linked] = await server.spansOf('linked');
  const [child] = await server.spansOf('child');
  await server.finish();
  const around = server.receiver.spans.filter(({ name }) => name === 'POST');
  assert.equal(around.length, 2);
  const parent = around.find(({ spanId }) => spanId === child.parentSpanId);
  assert.ok(parent, 'the HTTP span is the parent');
  assert.equal(child.traceId, parent.traceId);
  assert.equal((child.links ?? []).length, 0);
  const other = around.find(span => span !== parent)!;
  assert.equal(linked.parentSpanId, PARENT);
  assert.deepEqual(
    linked.links.map(({ traceId, spanId }) => ({ traceId, spanId })),
    [{ traceId: other.traceId, spanId: other.spanId }],
  );
});

test('calls are measured where nobody traces', async () => {
  await using server = await tracedServer({ OTEL_TRACES_EXPORTER: 'none' });
  assert.equal(server.watched, true);
  await callTool(server.url, 'odd');
  await server.finish();
  assert.deepEqual(server.receiver.spans, []);
  assert.ok(server.receiver.metrics.has('mcp.server.operation.duration'));
});

test('without an SDK nothing is traced', async () => {
  await using server = await tracedServer({}, false);
  assert.equal(server.watched, false);
  const answer = await callTool(server.url, 'weather', { city: 'x' });
  assert.equal(answer.result.content[0].text, 'baggage undefined');
  await server.finish();
  assert.deepEqual(server.receiver.spans, []);
});

describe('callTracing', () => {
  const version = '0.0.0';

  test('is off when it is told to be, and on only with a warning where there is no SDK', async () => {
    assert.equal(await callTracing({ tracing: 'off', version }), undefined);
    assert.equal(await callTracing({ tracing: 'auto', version }), undefined);
    const tracing = await callTracing({ tracing: 'on', version });
    assert.match(tracing!.warning!, /no OpenTelemetry SDK/);
    await tracing!.flush(100);
  });

  test('warns of an SDK that was started with an older API', async t => {
    const registered = globalThis as Record<symbol, unknown>;
    const key = Symbol.for('opentelemetry.js.api.1');
    const before = registered[key];
    t.after(() => {
      registered[key] = before;
    });
    registered[key] = { version: '1.0.0', trace: {} };
    const tracing = await callTracing({ tracing: 'auto', version });
    assert.match(tracing!.warning!, /1\.0\.0.*update/);
  });

  test('lets an SDK that hangs or fails hold up neither calls nor the stop', async t => {
    const hanging = { forceFlush: () => new Promise(() => {}), getTracer: () => ({ startSpan: fails }) };
    function fails(): never {
      throw new Error('the SDK is broken');
    }
    trace.setGlobalTracerProvider(hanging as unknown as TracerProvider);
    t.after(() => trace.disable());
    const tracing = await callTracing({ tracing: 'auto', version });
    assert.equal(tracing!.warning, undefined);
    const server = new McpServer({ name: 'x', version: '1.0.0' });
    server.registerTool('fine', {}, () => ({ content: [] }));
    const running = await serving(t, server, { tracing: 'off', observer: tracing!.observer });
    assert.deepEqual((await callTool(running.url, 'fine')).result.content, []);
    const start = performance.now();
    await tracing!.flush(100);
    assert.ok(performance.now() - start < 1000);
  });
});

describe('traceIdsOf', () => {
  const contextOf = (meta: unknown): RequestContext => {
    const call = { id: 1, method: 'ping', params: { _meta: meta }, revision: '2026-07-28', envelope: undefined };
    return new RequestContext(new McpServer({ name: 'x', version: '1.0.0' }).core, call, {} as Peer);
  };

  test('reads what the client sent', () => {
    assert.deepEqual(traceIdsOf(contextOf({ traceparent: TRACEPARENT })), { traceId: TRACE, spanId: PARENT });
    const later = `cc-${TRACE}-${PARENT}-01-what-is-new`;
    assert.deepEqual(traceIdsOf(contextOf({ traceparent: later })), { traceId: TRACE, spanId: PARENT });
  });

  test('believes no nonsense', () => {
    const zeros = `00-${'0'.repeat(32)}-${PARENT}-01`;
    const shouting = TRACEPARENT.toUpperCase();
    for (const traceparent of [
      undefined,
      '',
      'x',
      1,
      zeros,
      shouting,
      `ff${TRACEPARENT.slice(2)}`,
      `${TRACEPARENT}0`,
    ]) {
      assert.equal(traceIdsOf(contextOf({ traceparent })), undefined, String(traceparent));
    }
    assert.equal(traceIdsOf(contextOf(null)), undefined);
    assert.equal(traceIdsOf(contextOf(Object.create({ traceparent: TRACEPARENT }))), undefined);
  });
});
