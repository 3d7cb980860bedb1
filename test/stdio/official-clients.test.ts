import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioClientTransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { SLIPWAY } from '../cli/command-process.ts';
import { eventually } from '../support/serving.ts';
import { QUAY } from './stdio-process.ts';

const [command, ...args] = [...SLIPWAY, 'start', '--stdio', QUAY];
const SERVER = { command: command!, args, stderr: 'ignore' as const };
const PLACE = { action: 'accept' as const, content: { city: 'Lima' } };

const textOf = (result: object): string => (result as { content: { text: string }[] }).content[0]!.text;

async function connected(t: TestContext, era: 'modern' | 'legacy' | 'auto'): Promise<{ client: Client; pid: number }> {
  const mode = era === 'modern' ? { pin: '2026-07-28' } : era;
  const client = new Client(
    { name: 'v2', version: '1.0.0' },
    { versionNegotiation: { mode }, capabilities: { elicitation: { form: {} } } },
  );
  client.setRequestHandler('elicitation/create', () => PLACE);
  const transport = new StdioClientTransport(SERVER);
  await client.connect(transport);
  t.after(() => client.close());
  return { client, pid: transport.pid! };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('official clients over stdio', { concurrency: 2 }, () => {
  for (const era of ['modern', 'legacy', 'auto'] as const) {
    test(`v2, ${era}: lists, calls, is asked, and closes`, async t => {
      const { client, pid } = await connected(t, era);
      assert.equal(client.getNegotiatedProtocolVersion(), era === 'legacy' ? '2025-11-25' : '2026-07-28');
      assert.equal(client.getInstructions(), 'Moor here.');
      assert.ok((await client.listTools()).tools.some(({ name }) => name === 'echo'));
      assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: 'grüße 🚢' } })), 'grüße 🚢');
      assert.equal(textOf(await client.callTool({ name: 'print' })), 'printed');
      assert.equal(textOf(await client.callTool({ name: 'ship' })), 'to Lima');
      const { contents } = await client.readResource({ uri: 'tide://now' });
      assert.equal((contents[0] as { text: string }).text, 'low');
      const before = performance.now();
      await client.close();
      assert.ok(performance.now() - before < 1_900, 'the end of its input is enough: no signal was needed');
      assert.equal(isAlive(pid), false);
    });
  }

  test('v2, modern: listens, and is told how the stream ended', async t => {
    const { client } = await connected(t, 'modern');
    const heard: string[] = [];
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => void heard.push(params.uri));
    const listening = await client.listen({ resourceSubscriptions: ['tide://now'] });
    assert.deepEqual(listening.honoredFilter, { resourceSubscriptions: ['tide://now'] });
    await client.callTool({ name: 'change', arguments: { uri: 'tide://now' } });
    await eventually(() => heard.length === 1);
    await listening.close();
    await client.callTool({ name: 'change', arguments: { uri: 'tide://now' } });
    assert.deepEqual(heard, ['tide://now']);
  });

  for (const era of ['modern', 'legacy'] as const) {
    test(`v2, ${era}: cancels a call`, async t => {
      const { client } = await connected(t, era);
      const gaveUp = new AbortController();
      const call = client.callTool({ name: 'wait' }, { signal: gaveUp.signal });
      setTimeout(() => gaveUp.abort('enough'), 200);
      await assert.rejects(call);
      assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: 'b' } })), 'b');
    });
  }

  test('v1: lists, calls, subscribes, is asked, and closes', async t => {
    const client = new ClientV1({ name: 'v1', version: '1.0.0' }, { capabilities: { elicitation: {} } });
    client.setRequestHandler(ElicitRequestSchema, () => PLACE);
    const heard: string[] = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
    const transport = new StdioClientTransportV1(SERVER);
    await client.connect(transport);
    t.after(() => client.close());
    const pid = transport.pid!;
    assert.equal(client.getServerVersion()?.name, 'quay');
    assert.ok((await client.listTools()).tools.length > 5);
    assert.equal(textOf(await client.callTool({ name: 'ship' })), 'to Lima');
    const change = () => client.callTool({ name: 'change', arguments: { uri: 'tide://now' } });
    await change();
    await client.subscribeResource({ uri: 'tide://now' });
    await change();
    await eventually(() => heard.length === 1);
    const before = performance.now();
    await client.close();
    assert.ok(performance.now() - before < 1_900, 'the end of its input is enough: no signal was needed');
    assert.equal(isAlive(pid), false);
  });
});
