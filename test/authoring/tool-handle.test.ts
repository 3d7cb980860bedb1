import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer, type RegisteredTool } from 'slipway';
import { z } from 'zod';
import { ask, callTool } from '../support/mcp-post.ts';
import { eventually, serving } from '../support/serving.ts';

async function served(t: TestContext): Promise<{ url: string; server: McpServer; tool: RegisteredTool }> {
  const server = new McpServer({ name: 'handles', version: '1.0.0' });
  const tool = server.registerTool(
    'greet',
    { title: 'Greet', description: 'Greets', inputSchema: z.object({ name: z.string() }) },
    ({ name }) => `Hello ${name}`,
  );
  server.registerTool('other', {}, () => 'other');
  const { url } = await serving(t, server);
  return { url, server, tool };
}

async function toolsAt(url: string): Promise<{ name: string; title?: string; description?: string }[]> {
  return (await ask(url, 'tools/list')).result.tools;
}
const namesAt = async (url: string) => (await toolsAt(url)).map(({ name }) => name);
const text = async (url: string, name: string, args: Record<string, unknown> = { name: 'Ada' }) => {
  const { result, error } = await callTool(url, name, args);
  return error?.code ?? result.content[0].text;
};

test('a disabled tool is not listed and can not be called, until it is enabled', async t => {
  const { url, tool } = await served(t);
  assert.equal(await text(url, 'greet'), 'Hello Ada');
  tool.disable();
  assert.deepEqual(await namesAt(url), ['other']);
  assert.equal(await text(url, 'greet'), -32602);
  tool.enable();
  assert.deepEqual(await namesAt(url), ['greet', 'other']);
  assert.equal(await text(url, 'greet'), 'Hello Ada');
});

test('a renamed tool keeps its place and leaves its old name free', async t => {
  const { url, server, tool } = await served(t);
  tool.update({ name: 'welcome' });
  assert.deepEqual(await namesAt(url), ['welcome', 'other']);
  assert.equal(await text(url, 'greet'), -32602);
  assert.equal(await text(url, 'welcome'), 'Hello Ada');
  server.registerTool('greet', {}, () => 'a new one');
  assert.equal(await text(url, 'greet'), 'a new one');
});

test('a removed tool is gone, its name is free, and its handle does nothing any more', async t => {
  const { url, server, tool } = await served(t);
  tool.remove();
  assert.deepEqual(await namesAt(url), ['other']);
  server.registerTool('greet', {}, () => 'a new one');
  tool.update({ title: 'Ghost' });
  tool.remove();
  assert.equal(await text(url, 'greet'), 'a new one');
});

test('an update changes what is listed and what is called', async t => {
  const { url, tool } = await served(t);
  const paramsSchema = z.object({ count: z.number() });
  tool.update({
    title: 'Count',
    description: 'Counts',
    paramsSchema,
    callback: ({ count }: { count: number }) => `${count + 1}`,
  });
  const [listed] = await toolsAt(url);
  assert.deepEqual([listed?.title, listed?.description], ['Count', 'Counts']);
  assert.equal(await text(url, 'greet', { count: 1 }), '2');
  assert.match(String(await text(url, 'greet', { name: 'Ada' })), /Invalid arguments/);
});

test('an update that is refused leaves the tool as it was, whatever was wrong with it', async t => {
  const { url, server, tool } = await served(t);
  const before = JSON.stringify(await toolsAt(url));
  let changes = 0;
  server.server.onChange(() => changes++);
  const wrong: [string, Record<string, unknown>][] = [
    ['SLIP_INVALID_OPTION', { timeout: -1 }],
    ['SLIP_INVALID_NAME', { name: 'not a name' }],
    ['SLIP_DUPLICATE_NAME', { name: 'other' }],
    ['SLIP_SCHEMA_NOT_CONVERTIBLE', { paramsSchema: 'no schema' }],
    ['SLIP_SCHEMA_NOT_OBJECT', { paramsSchema: z.string() }],
    ['SLIP_INVALID_HANDLER', { callback: 'no function' }],
  ];
  for (const [code, update] of wrong) {
    const all = { title: 'Changed', description: 'Changed', ...(update['name'] ? {} : { name: 'changed' }), ...update };
    assert.throws(() => tool.update(all as never), { code }, code);
    assert.equal(JSON.stringify(await toolsAt(url)), before, code);
    assert.equal(await text(url, 'greet'), 'Hello Ada', code);
  }
  assert.equal(changes, 0);
  // The handle still works: it did not lose its place.
  tool.update({ title: 'Renewed' });
  assert.equal((await toolsAt(url))[0]?.title, 'Renewed');
});

test('a call that has begun keeps the tool that it began with', async t => {
  const { url, server } = await served(t);
  let finish = () => {};
  let begun = 0;
  const finished = new Promise<void>(resolve => {
    finish = resolve;
  });
  const tool = server.registerTool('slow', { outputSchema: z.object({ old: z.number() }) }, async () => {
    begun++;
    await finished;
    return { old: 1 };
  });
  const call = callTool(url, 'slow');
  await eventually(() => begun === 1);
  tool.update({ outputSchema: z.object({ fresh: z.string() }), callback: () => ({ fresh: 'yes' }) });
  assert.deepEqual((await callTool(url, 'slow')).result.structuredContent, { fresh: 'yes' });
  finish();
  assert.deepEqual((await call).result.structuredContent, { old: 1 });
});

test('arguments that were validated by the old schema never reach the new handler', async t => {
  const { url, server } = await served(t);
  let release = () => {};
  let validating = 0;
  const released = new Promise<void>(resolve => {
    release = resolve;
  });
  const slow = z.object({ old: z.number() }).refine(async () => {
    validating++;
    await released;
    return true;
  });
  const tool = server.registerTool('checked', { inputSchema: slow }, ({ old }) => `old ${old}`);
  const call = callTool(url, 'checked', { old: 1 });
  await eventually(() => validating > 0);
  tool.update({
    paramsSchema: z.object({ fresh: z.string() }),
    callback: ({ fresh }: { fresh: string }) => `fresh ${fresh.toUpperCase()}`,
  });
  release();
  assert.equal((await call).result.content[0].text, 'old 1');
});

test('a call that has begun is finished though its tool is removed', async t => {
  const { url, server } = await served(t);
  let finish = () => {};
  let begun = 0;
  const finished = new Promise<void>(resolve => {
    finish = resolve;
  });
  const tool = server.registerTool('slow', {}, async () => {
    begun++;
    await finished;
    return 'finished';
  });
  const call = callTool(url, 'slow');
  await eventually(() => begun === 1);
  tool.remove();
  finish();
  assert.equal((await call).result.content[0].text, 'finished');
  assert.equal((await callTool(url, 'slow')).error?.code, -32602);
});
