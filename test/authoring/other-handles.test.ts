import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer, ResourceTemplate } from 'slipway';
import { z } from 'zod';
import { ask } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';

test('a prompt is disabled, enabled, renamed, updated and removed through its handle', async t => {
  const server = new McpServer({ name: 'handles', version: '1.0.0' });
  const prompt = server.registerPrompt(
    'greet',
    { argsSchema: z.object({ name: z.string() }) },
    ({ name }) => `Greet ${name}`,
  );
  server.registerPrompt('other', {}, () => 'other');
  const { url } = await serving(t, server);
  const names = async () => (await ask(url, 'prompts/list')).result.prompts.map((one: { name: string }) => one.name);
  const get = async (name: string) => {
    const { result, error } = await ask(url, 'prompts/get', { name, arguments: { name: 'Ada' } });
    return error?.code ?? result.messages[0].content.text;
  };
  assert.equal(await get('greet'), 'Greet Ada');
  prompt.disable();
  assert.deepEqual(await names(), ['other']);
  assert.equal(await get('greet'), -32602);
  prompt.enable();
  const wrong: [string, Record<string, unknown>][] = [
    ['SLIP_DUPLICATE_NAME', { name: 'other' }],
    ['SLIP_INVALID_NAME', { name: '' }],
    ['SLIP_SCHEMA_NOT_CONVERTIBLE', { name: 'changed', argsSchema: 'none' }],
    ['SLIP_INVALID_HANDLER', { name: 'changed', callback: 'none' }],
  ];
  for (const [code, update] of wrong) {
    assert.throws(() => prompt.update({ title: 'Changed', ...update } as never), { code });
    assert.equal((await ask(url, 'prompts/list')).result.prompts[0].title, undefined, code);
    assert.equal(await get('greet'), 'Greet Ada', code);
  }
  prompt.update({ name: 'welcome', callback: () => 'Welcome' });
  assert.deepEqual(await names(), ['welcome', 'other']);
  assert.equal(await get('welcome'), 'Welcome');
  prompt.remove();
  assert.deepEqual(await names(), ['other']);
});

test('a resource is disabled, enabled, moved, updated and removed through its handle', async t => {
  const server = new McpServer({ name: 'handles', version: '1.0.0' });
  const resource = server.registerResource('note', 'note://1', {}, () => 'one');
  server.registerResource('other', 'note://2', {}, () => 'two');
  const { url } = await serving(t, server);
  const uris = async () => (await ask(url, 'resources/list')).result.resources.map((one: { uri: string }) => one.uri);
  const read = async (uri: string) => {
    const { result, error } = await ask(url, 'resources/read', { uri });
    return error?.code ?? result.contents[0].text;
  };
  assert.equal(await read('note://1'), 'one');
  resource.disable();
  assert.deepEqual(await uris(), ['note://2']);
  assert.equal(await read('note://1'), -32602);
  resource.enable();
  const wrong: [string, Record<string, unknown>][] = [
    ['SLIP_DUPLICATE_NAME', { uri: 'note://2' }],
    ['SLIP_INVALID_NAME', { uri: 'no uri' }],
    ['SLIP_INVALID_HANDLER', { uri: 'note://3', callback: 'none' }],
  ];
  for (const [code, update] of wrong) {
    assert.throws(() => resource.update({ title: 'Changed', ...update } as never), { code });
    assert.equal((await ask(url, 'resources/list')).result.resources[0].title, undefined, code);
    assert.equal(await read('note://1'), 'one', code);
  }
  resource.update({ uri: 'note://9', title: 'Nine', callback: () => 'nine' });
  assert.deepEqual(await uris(), ['note://9', 'note://2']);
  assert.equal(await read('note://9'), 'nine');
  assert.equal(await read('note://1'), -32602);
  resource.remove();
  assert.deepEqual(await uris(), ['note://2']);
});

test('a template is disabled, enabled, replaced and removed through its handle', async t => {
  const server = new McpServer({ name: 'handles', version: '1.0.0' });
  const city = new ResourceTemplate('city://{name}', { list: undefined });
  const template = server.registerResource('city', city, {}, (_uri, { name }) => `About ${name}`);
  const { url } = await serving(t, server);
  const read = async (uri: string) => {
    const { result, error } = await ask(url, 'resources/read', { uri });
    return error?.code ?? result.contents[0].text;
  };
  assert.equal(await read('city://Oslo'), 'About Oslo');
  template.disable();
  assert.equal(await read('city://Oslo'), -32602);
  assert.deepEqual((await ask(url, 'resources/templates/list')).result.resourceTemplates, []);
  template.enable();
  assert.throws(() => template.update({ callback: 'none' } as never), { code: 'SLIP_INVALID_HANDLER' });
  template.update({ template: new ResourceTemplate('town://{name}', { list: undefined }) });
  assert.equal(await read('city://Oslo'), -32602);
  assert.equal(await read('town://Oslo'), 'About Oslo');
  template.remove();
  assert.equal(await read('town://Oslo'), -32602);
});
