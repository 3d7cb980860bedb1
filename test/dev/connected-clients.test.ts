// What clients that are connected notice of a reload: that lists may have changed, and nothing else.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CallToolResult, Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { callTool } from '../cli/call-tool.ts';
import { DevProcess, DevProject, serverText, valueText } from './dev-project.ts';

const FRESH = "server.registerTool('fresh', {}, async () => 'x');";
const SLOW = `import { existsSync } from 'node:fs';
server.registerTool('slow', {}, async () => {
  while (!existsSync('go')) await new Promise(resolve => setTimeout(resolve, 20));
  return value();
});`;

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !holds(); tries++) await new Promise(resolve => setTimeout(resolve, 20));
  assert.ok(holds());
}

/** A client that keeps the names of the tools as its list is told to have changed. */
async function connected(url: string, era: 'modern' | 'legacy') {
  const mode = era === 'modern' ? { pin: '2026-07-28' } : 'legacy';
  const lists: string[][] = [];
  const onChanged = (_error: Error | null, tools: { name: string }[] | null) => {
    if (tools !== null) lists.push(tools.map(({ name }) => name));
  };
  const client = new Client(
    { name: 'connected', version: '1.0.0' },
    { versionNegotiation: { mode }, listChanged: { tools: { onChanged, debounceMs: 0 } } },
  );
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return { client, lists };
}

/** Calls `value`; a call that meets the old process while it stops is told to come again (503 with Retry-After). */
async function callValue(client: Client): Promise<CallToolResult> {
  for (let tries = 0; tries < 20; tries++) {
    try {
      return (await client.callTool({ name: 'value' })) as CallToolResult;
    } catch (error) {
      if (!String(error).includes('SLIP_STOPPING')) throw error;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }
  throw new Error('the old process never ended');
}

describe('clients of slipway dev', { concurrency: 2 }, () => {
  for (const era of ['modern', 'legacy'] as const) {
    test(`a ${era} client hears that the lists have changed, and its next list is the new one`, async () => {
      using project = new DevProject();
      await using dev = new DevProcess(project);
      const { client, lists } = await connected(await dev.listening(), era);
      assert.deepEqual(
        (await client.listTools()).tools.map(({ name }) => name),
        ['value'],
      );
      await dev.after(() => project.write('server.ts', serverText(FRESH)));
      await until(() => lists.length > 0);
      assert.deepEqual(lists[0], ['value', 'fresh']);
      await client.close();
    });
  }

  test('a legacy client hears it after each of several reloads, in one session', async () => {
    using project = new DevProject();
    await using dev = new DevProcess(project);
    const { client, lists } = await connected(await dev.listening(), 'legacy');
    for (const names of [['value', 'fresh'], ['value'], ['value', 'fresh']]) {
      const more = names.includes('fresh') ? FRESH : '';
      await dev.after(() => project.write('server.ts', serverText(more)));
      await until(() => JSON.stringify(lists.at(-1)) === JSON.stringify(names));
      const { content } = await callValue(client);
      assert.deepEqual(content, [{ type: 'text', text: 'one' }]);
    }
    await client.close();
  });

  test('a modern client that listens again hears of the next reload too', async () => {
    using project = new DevProject();
    await using dev = new DevProcess(project);
    const client = new Client(
      { name: 'again', version: '1.0.0' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    let heard = 0;
    client.setNotificationHandler('notifications/tools/list_changed', () => void heard++);
    await client.connect(new StreamableHTTPClientTransport(new URL(await dev.listening())));
    for (const [reloads, more] of [FRESH, '', FRESH].entries()) {
      heard = 0;
      const stream = await client.listen({ toolsListChanged: true });
      // What has changed between the streams is told to the new one.
      if (reloads > 0) await until(() => heard > 0);
      heard = 0;
      await dev.after(() => project.write('server.ts', serverText(more)));
      await until(() => heard > 0);
      assert.equal(await stream.closed, 'graceful');
    }
    await client.close();
  });

  test('a call in flight is finished by the code that it began with', async () => {
    using project = new DevProject({ 'server.ts': serverText(SLOW) });
    await using dev = new DevProcess(project);
    const url = await dev.listening();
    const slow = callTool(url, 'modern', 'slow');
    await new Promise(resolve => setTimeout(resolve, 200));
    await dev.after(() => project.write('value.ts', valueText('two')));
    assert.equal((await callTool(url, 'modern', 'value')).text, 'two');
    project.write('go', '');
    assert.equal((await slow).text, 'one');
  });
});
