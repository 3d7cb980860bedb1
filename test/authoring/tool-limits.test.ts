// How long a tool may take, how much it may answer, and what it costs.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  createMcpHandler,
  InMemoryTransport,
  McpServer,
  type McpServerOptions,
  type StandardSchemaWithJSON,
  silentLogger,
} from 'slipway';
import type { EndedCall } from '../../src/server/call-observer.ts';
import { answerIn, askLegacy, callTool, modern } from '../support/mcp-post.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { serving } from '../support/serving.ts';

const never = new Promise<never>(() => {});

/** A schema whose validation never ends. */
const ENDLESS: StandardSchemaWithJSON = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: () => never,
    jsonSchema: { input: () => ({ type: 'object' }), output: () => ({ type: 'object' }) },
  },
};

function sized(options: McpServerOptions = {}) {
  const logger = recordedLog();
  const server = new McpServer({ name: 'sized', version: '1.0.0' }, { logger, ...options });
  const size = { chars: 0 };
  server.registerTool('text', {}, () => 'x'.repeat(size.chars));
  server.registerTool('small', { maxResultChars: 1_000 }, () => 'x'.repeat(size.chars));
  server.registerTool('any', { maxResultChars: Number.POSITIVE_INFINITY }, () => 'x'.repeat(size.chars));
  const warnings = () => logger.entries.filter(({ level }) => level === 'warn');
  return { server, size, warnings };
}

async function started(t: TestContext, options: McpServerOptions = {}) {
  const made = sized(options);
  return { ...made, url: (await serving(t, made.server)).url };
}

test('the time of a tool covers the validation of its arguments', async t => {
  const server = new McpServer({ name: 'slow', version: '1.0.0' }, { logger: silentLogger });
  server.registerTool('endless', { inputSchema: ENDLESS, timeout: 50 }, () => 'never');
  const { url } = await serving(t, server);
  const { result } = await callTool(url, 'endless');
  assert.equal(result.isError, true);
  assert.match(result.content[0].text, /endless.*50 ms.*SLIP_TOOL_TIMEOUT/s);
});

test('a server gives its tools a time, which a tool may change', async t => {
  const server = new McpServer({ name: 'slow', version: '1.0.0' }, { logger: silentLogger, toolTimeoutMs: 60 });
  const late = () => new Promise<string>(resolve => setTimeout(resolve, 150, 'late'));
  server.registerTool('default', {}, late);
  server.registerTool('patient', { timeout: 5_000 }, late);
  server.registerTool('boundless', { timeout: 2 ** 40 }, late);
  const { url } = await serving(t, server);
  assert.match((await callTool(url, 'default')).result.content[0].text, /60 ms/);
  for (const name of ['patient', 'boundless']) assert.equal((await callTool(url, name)).result.content[0].text, 'late');
});

for (const [era, ask] of [
  ['modern', callTool],
  ['legacy', (url: string, name: string) => askLegacy(url, 'tools/call', { name, arguments: {} })],
] as const) {
  test(`a result beyond the limit becomes an error that asks for less (${era})`, async t => {
    const { url, size, warnings } = await started(t, { maxResultChars: 10_000 });
    size.chars = 9_000;
    assert.equal((await ask(url, 'text')).result.content[0].text.length, 9_000);
    size.chars = 10_001;
    const { result } = await ask(url, 'text');
    assert.equal(result.isError, true);
    assert.equal(result.structuredContent, undefined);
    const [, chars] = /'text' has (\d+) characters, more than the 10000 /.exec(result.content[0].text) ?? [];
    assert.ok(Number(chars) > 10_001 && Number(chars) < 10_500, result.content[0].text);
    assert.match(result.content[0].text, /Ask for less.*SLIP_RESULT_TOO_LARGE/s);
    assert.equal(warnings().length, 1);
    assert.deepEqual([warnings()[0]?.fields.code, warnings()[0]?.fields.tool], ['SLIP_RESULT_TOO_LARGE', 'text']);
  });

  test(`a tool has a limit of its own, smaller or larger (${era})`, async t => {
    const { url, size } = await started(t, { maxResultChars: 10_000 });
    size.chars = 2_000;
    assert.equal((await ask(url, 'small')).result.isError, true);
    assert.equal((await ask(url, 'text')).result.isError, undefined);
    size.chars = 500;
    assert.equal((await ask(url, 'small')).result.isError, undefined);
    size.chars = 300_000;
    assert.equal((await ask(url, 'any')).result.content[0].text.length, 300_000);
  });
}

test('without a limit everything is sent, and what clients may cut is logged once per tool and hour', async t => {
  const { url, size, warnings } = await started(t);
  size.chars = 139_000;
  assert.equal((await callTool(url, 'text')).result.content[0].text.length, 139_000);
  assert.equal(warnings().length, 0);
  size.chars = 140_001;
  for (let n = 0; n < 3; n++) assert.equal((await callTool(url, 'text')).result.content[0].text.length, 140_001);
  await callTool(url, 'any');
  assert.deepEqual(
    warnings().map(({ fields }) => fields.tool),
    ['text', 'any'],
  );
  assert.ok(warnings()[0]?.fields.chars > 140_001);
  t.mock.method(performance, 'now', () => process.uptime() * 1_000 + 3_700_000);
  await callTool(url, 'text');
  assert.equal(warnings().length, 3, 'an hour later');
});

test('a limit that a tool gets or loses later holds from then on', async t => {
  const server = new McpServer({ name: 'later', version: '1.0.0' }, { logger: silentLogger });
  const tool = server.registerTool('text', {}, () => 'x'.repeat(2_000));
  const { url } = await serving(t, server);
  const isError = async (): Promise<unknown> => (await callTool(url, 'text')).result.isError;
  assert.equal(await isError(), undefined);
  tool.update({ maxResultChars: 1_000 });
  assert.equal(await isError(), true);
  tool.update({ maxResultChars: 3_000 });
  assert.equal(await isError(), undefined);
});

test('whoever watches is told of the error that took the place of a result', async t => {
  const { server, size } = sized({ maxResultChars: 10_000 });
  const told: unknown[] = [];
  const observer = {
    ended: ({ outcome, context }: { outcome: string; context: { component: string | undefined } }) => {
      told.push([context.component, outcome]);
    },
  };
  const { url } = await serving(t, server, { observer });
  for (const chars of [9_000, 10_001]) {
    size.chars = chars;
    await callTool(url, 'text');
  }
  await callTool(url, 'any');
  assert.deepEqual(told, [
    ['text', 'ok'],
    ['text', 'tool_error'],
    ['any', 'ok'],
  ]);
});

test('over transports that pass messages the limit holds, and large results are logged', async t => {
  const { server, size, warnings } = sized();
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  const answers: any[] = [];
  clientSide.onmessage = message => void answers.push(message);
  await clientSide.start();
  await server.connect(serverSide);
  t.after(() => server.close());
  const ask = async (name: string) => {
    const before = answers.length;
    await clientSide.send(JSON.parse(modern('tools/call', { name, arguments: {} }).body));
    for (let n = 0; n < 200 && answers.length === before; n++) await new Promise(resolve => setTimeout(resolve, 5));
    return answers.at(-1).result;
  };
  size.chars = 150_000;
  assert.equal((await ask('text')).content[0].text.length, 150_000);
  assert.deepEqual(
    warnings().map(({ fields }) => fields.tool),
    ['text'],
  );
  const small = await ask('small');
  assert.equal(small.isError, true);
  assert.match(small.content[0].text, /SLIP_RESULT_TOO_LARGE/);
  assert.equal(small.resultType, 'complete');
  size.chars = 500;
  assert.equal((await ask('small')).isError, undefined);
});

test('what the author leaves open the deployment decides', async t => {
  const chars = async (author: McpServerOptions, deployment: object): Promise<unknown> => {
    const { server, size } = sized(author);
    size.chars = 5_000;
    const handler = createMcpHandler(server, deployment);
    t.after(() => handler.close());
    const { headers, body } = modern('tools/call', { name: 'text', arguments: {} });
    const request = new Request('http://localhost/mcp', { method: 'POST', headers, body });
    return (await answerIn(await handler.fetch(request))).result.isError ?? false;
  };
  assert.equal(await chars({}, { maxResultChars: 1_000 }), true);
  assert.equal(await chars({ maxResultChars: 9_000 }, { maxResultChars: 1_000 }), false);
  assert.equal(await chars({ maxResultChars: 1_000 }, {}), true);
});

test('limits, costs and rates that are none are refused at once', () => {
  const server = new McpServer({ name: 'strict', version: '1.0.0' });
  const refused = { code: 'SLIP_INVALID_OPTION' };
  for (const config of [
    { maxResultChars: 0 },
    { maxResultChars: Number.NaN },
    { cost: -1 },
    { cost: 1.5 },
    { rateLimit: '' },
    { rateLimit: '10 per minute' },
    { rateLimit: '0/1m' },
    { rateLimit: '10/25h' },
  ]) {
    assert.throws(() => server.registerTool('x', config, () => 'x'), refused, JSON.stringify(config));
  }
  for (const options of [{ toolTimeoutMs: 0 }, { maxResultChars: -1 }, { resultWarningChars: Number.NaN }]) {
    assert.throws(() => new McpServer({ name: 'strict', version: '1.0.0' }, options), refused);
  }
  const tool = server.registerTool('x', { cost: 5, rateLimit: '10/1m' }, () => 'x');
  assert.deepEqual([tool.compiled.cost, tool.compiled.rateLimit], [5, '10/1m']);
  assert.throws(() => tool.update({ rateLimit: 'often' }), refused);
  tool.update({ cost: 0, rateLimit: null });
  assert.deepEqual([tool.compiled.cost, tool.compiled.rateLimit], [0, undefined]);
  assert.equal(server.registerTool('y', {}, () => 'y').compiled.cost, 1);
});

test('a result that can not be written is told and answered as an error, whoever watches', async t => {
  const logger = recordedLog();
  const server = new McpServer({ name: 'unwritable', version: '1.0.0' }, { logger });
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  const result = { content: [{ type: 'text' as const, text: 'x', _meta: circle }] };
  server.registerTool('now', { maxResultChars: 1_000 }, () => result);
  server.registerTool('soon', { maxResultChars: 1_000 }, async () => result);
  const told: unknown[] = [];
  const observer = { ended: ({ outcome, errorCode }: EndedCall) => void told.push([outcome, errorCode]) };
  const { url } = await serving(t, server, { observer });
  for (const name of ['now', 'soon']) {
    assert.equal((await callTool(url, name)).error?.code, -32603);
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {} } };
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify([call]) });
    const [answer] = (await response.json()) as { error?: { code: number } }[];
    assert.equal(answer?.error?.code, -32603);
  }
  assert.deepEqual(
    told,
    Array.from({ length: 4 }, () => ['error', -32603]),
  );
});
