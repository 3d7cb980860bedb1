import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { McpServer, type McpServerOptions, ResourceTemplate } from 'slipway';
import { ask, askLegacy } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';

const SECRET = 'a secret of at least thirty-two bytes!';

function built(options: McpServerOptions): McpServer {
  const server = new McpServer({ name: 'pages', version: '1.0.0' }, options);
  for (let count = 0; count < 5; count++) {
    server.registerTool(`tool-${count}`, {}, () => 'called');
    server.registerPrompt(`prompt-${count}`, {}, () => 'asked');
    server.registerResource(`resource-${count}`, `note://${count}`, {}, () => ({ contents: [] }));
    const template = new ResourceTemplate(`${count}://{name}`.replace(/^/, 't'), { list: undefined });
    server.registerResource(`template-${count}`, template, {}, () => ({ contents: [] }));
  }
  return server;
}

const served = async (t: TestContext, options: McpServerOptions) => (await serving(t, built(options))).url;

const LISTS = [
  ['tools/list', 'tools'],
  ['prompts/list', 'prompts'],
  ['resources/list', 'resources'],
  ['resources/templates/list', 'resourceTemplates'],
] as const;

for (const [method, member] of LISTS) {
  test(`${method} comes in pages of the size asked for, complete and in order, in both eras`, async t => {
    const url = await served(t, { pageSize: 2 });
    for (const send of [ask, askLegacy]) {
      const pages: string[][] = [];
      let cursor: string | undefined;
      do {
        const { result } = await send(url, method, cursor === undefined ? {} : { cursor });
        pages.push(result[member].map(({ name }: { name: string }) => name));
        cursor = result.nextCursor;
      } while (cursor !== undefined && pages.length < 10);
      assert.deepEqual(
        pages.map(({ length }) => length),
        [2, 2, 1],
      );
      assert.deepEqual(
        pages.flat().map(name => name.at(-1)),
        ['0', '1', '2', '3', '4'],
      );
    }
  });
}

test('without a page size everything is on one page', async t => {
  const url = await served(t, {});
  const { result } = await ask(url, 'tools/list');
  assert.equal(result.tools.length, 5);
  assert.equal('nextCursor' in result, false);
});

test('a page that ends exactly at the end has no next one', async t => {
  const url = await served(t, { pageSize: 5 });
  assert.equal((await ask(url, 'tools/list')).result.nextCursor, undefined);
});

test('a cursor that was altered, or made for another list or by another server, is -32602', async t => {
  const url = await served(t, { pageSize: 2 });
  const other = await served(t, { pageSize: 2 });
  const { nextCursor } = (await ask(url, 'tools/list')).result;
  const { nextCursor: ofPrompts } = (await ask(url, 'prompts/list')).result;
  const { nextCursor: ofOther } = (await ask(other, 'tools/list')).result;
  const bytes = Buffer.from(nextCursor, 'base64url');
  const altered = [...bytes.keys()].map(at => {
    const copy = Buffer.from(bytes);
    copy[at]! ^= 1;
    return copy.toString('base64url');
  });
  const guessed = ['4', Buffer.from('4').toString('base64'), Buffer.from('tools/list 4').toString('base64url')];
  const wrong = [
    ofPrompts,
    ofOther,
    ...altered,
    ...guessed,
    `${nextCursor}A`,
    nextCursor.slice(1),
    'x'.repeat(100_000),
  ];
  for (const cursor of wrong) {
    const { error } = await ask(url, 'tools/list', { cursor });
    assert.equal(error?.code, -32602, String(cursor).slice(0, 100));
  }
  assert.equal((await ask(url, 'tools/list', { cursor: nextCursor })).result.tools[0].name, 'tool-2');
});

test('a cursor that is no string is -32602', async t => {
  const url = await served(t, { pageSize: 2 });
  for (const cursor of [1, null, {}, []]) {
    assert.equal((await ask(url, 'tools/list', { cursor })).error?.code, -32602, JSON.stringify(cursor));
  }
});

test('a cursor works in another process with the same secrets', async t => {
  const url = await served(t, { pageSize: 2, secrets: ['the newer secret, of thirty-two bytes!', SECRET] });
  const program = `
    import { InMemoryTransport, McpServer } from 'slipway';
    const server = new McpServer({ name: 'elsewhere', version: '1.0.0' }, { pageSize: 2, secrets: ['${SECRET}'] });
    for (const name of ['a', 'b', 'c']) server.registerTool(name, {}, () => name);
    const [near, far] = InMemoryTransport.createLinkedPair();
    near.onmessage = message => process.stdout.write(message.result.nextCursor);
    await near.start();
    await server.connect(far);
    await near.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' });`;
  const args = ['--conditions=@slipway/source', '--input-type=module', '--eval', program];
  const { stdout: cursor } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
  assert.notEqual(cursor, '');
  const { result } = await ask(url, 'tools/list', { cursor });
  assert.equal(result?.tools[0].name, 'tool-2');
});
