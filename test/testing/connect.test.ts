import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { completable, McpServer, ResourceTemplate, silentLogger, ToolError } from 'slipway';
import { connect } from 'slipway/testing';
import { z } from 'zod';
import { SLIPWAY } from '../cli/command-process.ts';

const REVISIONS = ['2026-07-28', '2025-11-25'] as const;

function calculator(): McpServer {
  const server = new McpServer({ name: 'calculator', version: '1.0.0' }, { logger: silentLogger });
  const Pair = z.object({ a: z.number(), b: z.number() });
  server.registerTool('add', { inputSchema: Pair }, ({ a, b }) => a + b);
  server.registerTool('divide', { inputSchema: Pair }, ({ a, b }) => {
    if (b === 0) throw new ToolError('Nothing can be divided by zero');
    return { quotient: a / b };
  });
  return server;
}

test('a tool is called in two lines', async () => {
  const client = await connect(calculator());
  const result = await client.callTool('add', { a: 1, b: 2 });
  assert.equal(result.text, '3');
  await client.close();
});

test('a client closes itself at the end of its block', async () => {
  const server = calculator();
  {
    await using client = await connect(server);
    assert.equal(server.isConnected(), true);
    assert.equal((await client.callTool('divide', { a: 1, b: 2 })).text, '{"quotient":0.5}');
  }
  assert.equal(server.isConnected(), false);
});

for (const protocolVersion of REVISIONS) {
  describe(`a client of ${protocolVersion}`, () => {
    test('a tool that fails is a result, one that is not there an error', async () => {
      await using client = await connect(calculator(), { protocolVersion });
      assert.equal(client.protocolVersion, protocolVersion);
      const failed = await client.callTool('divide', { a: 1, b: 0 });
      assert.equal(failed.isError, true);
      assert.equal(failed.text, 'Nothing can be divided by zero');
      const wrong = await client.callTool('add', { a: 'one', b: 2 });
      assert.equal(wrong.isError, true);
      await assert.rejects(client.callTool('multiply'), { code: -32602 });
    });

    test('structured results, several texts, and blocks of other kinds', async () => {
      const server = calculator();
      server.registerTool('many', {}, () => ({
        content: [
          { type: 'text' as const, text: 'one' },
          { type: 'image' as const, data: 'AAAA', mimeType: 'image/png' },
          { type: 'resource' as const, resource: { uri: 'note://a', text: 'two' } },
        ],
      }));
      await using client = await connect(server, { protocolVersion });
      const many = await client.callTool('many');
      assert.equal(many.text, 'one\ntwo');
      assert.equal(many.content.length, 3);
      assert.deepEqual((await client.callTool('divide', { a: 1, b: 4 })).structuredContent, { quotient: 0.25 });
    });

    test('what was told on the way is there: progress and logs', async () => {
      const server = new McpServer({ name: 'a', version: '1.0.0' }, { capabilities: { logging: {} } });
      server.registerTool('climb', {}, async ctx => {
        await ctx.mcpReq.progress(1, 2, 'half');
        await ctx.mcpReq.log('info', 'on my way');
        return 'up';
      });
      await using client = await connect(server, { protocolVersion });
      const { text, progress } = await client.callTool('climb');
      assert.equal(text, 'up');
      assert.deepEqual(progress, [{ progress: 1, total: 2, message: 'half' }]);
      assert.deepEqual(
        client.logs.map(({ level, data }) => [level, data]),
        [['info', 'on my way']],
      );
    });

    test('lists, resources, prompts and completions', async () => {
      const server = calculator();
      server.registerResource('motd', 'note://motd', {}, uri => ({ contents: [{ uri: uri.href, text: 'Hello' }] }));
      const template = new ResourceTemplate('city://{name}', { list: undefined, complete: { name: () => ['Oslo'] } });
      server.registerResource('city', template, {}, (uri, { name }) => ({
        contents: [{ uri: uri.href, text: `About ${name}` }],
      }));
      const City = completable(z.string(), value => ['Lima', 'Lisbon'].filter(city => city.startsWith(value ?? '')));
      server.registerPrompt('visit', { argsSchema: { city: City } }, ({ city }) => ({
        messages: [{ role: 'user' as const, content: { type: 'text' as const, text: `Visit ${city}` } }],
      }));
      await using client = await connect(server, { protocolVersion });
      const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);
      assert.deepEqual(names(await client.listTools()), ['add', 'divide']);
      assert.deepEqual(names(await client.listResources()), ['motd']);
      assert.deepEqual(names(await client.listResourceTemplates()), ['city']);
      assert.deepEqual(names(await client.listPrompts()), ['visit']);
      assert.equal((await client.readResource('city://Oslo')).text, 'About Oslo');
      assert.equal((await client.getPrompt('visit', { city: 'Lima' })).text, 'Visit Lima');
      assert.deepEqual(await client.complete('visit', 'city', 'Lis'), ['Lisbon']);
      assert.deepEqual(await client.complete('city://{name}', 'name', 'O'), ['Oslo']);
    });

    test('what is passed is a copy by way of JSON, as over a wire', async () => {
      const server = calculator();
      const given = { date: new Date(0), left: undefined };
      let taken: unknown;
      server.registerTool('take', { inputSchema: z.object({}).loose() }, args => {
        taken = args;
        return { made: new Date(0) as unknown as string };
      });
      await using client = await connect(server, { protocolVersion });
      const { structuredContent } = await client.callTool('take', given);
      assert.deepEqual(taken, { date: '1970-01-01T00:00:00.000Z' });
      assert.deepEqual(structuredContent, { made: '1970-01-01T00:00:00.000Z' });
    });

    test('the server may be told who calls', async () => {
      const server = calculator();
      const isAdmin = ({ authInfo }: { authInfo?: { scopes: string[] } | undefined }) =>
        authInfo?.scopes.includes('admin') === true;
      server.registerTool('shut', { enabled: isAdmin }, ctx => ctx.http?.authInfo?.clientId ?? 'nobody');
      await using anybody = await connect(server, { protocolVersion });
      assert.equal((await anybody.listTools()).length, 2);
      await anybody.close();
      const authInfo = { token: 't', clientId: 'c', scopes: ['admin'] };
      await using admin = await connect(server, { protocolVersion, authInfo });
      assert.equal((await admin.listTools()).length, 3);
      assert.notEqual((await admin.callTool('shut')).isError, true);
    });

    test('several clients of one server at once', async () => {
      const server = calculator();
      await using one = await connect(server, { protocolVersion });
      await using other = await connect(server, { protocolVersion: '2025-11-25' });
      const sums = await Promise.all([one.callTool('add', { a: 1, b: 1 }), other.callTool('add', { a: 2, b: 2 })]);
      assert.deepEqual(
        sums.map(({ text }) => text),
        ['2', '4'],
      );
      await one.close();
      assert.equal((await other.callTool('add', { a: 3, b: 3 })).text, '6');
    });

    test('a factory makes the server, and may look at the era', async () => {
      const eras: string[] = [];
      const factory = ({ era }: { era: string }) => {
        eras.push(era);
        return calculator();
      };
      await using client = await connect(factory, { protocolVersion });
      assert.equal((await client.callTool('add', { a: 1, b: 2 })).text, '3');
      assert.deepEqual(eras, [protocolVersion === '2026-07-28' ? 'modern' : 'legacy']);
    });

    test('closing cancels what is running', async () => {
      const server = calculator();
      const begun = Promise.withResolvers<AbortSignal>();
      server.registerTool('wait', {}, async ctx => {
        begun.resolve(ctx.mcpReq.signal);
        await once(ctx.mcpReq.signal, 'abort');
        return 'cancelled';
      });
      const client = await connect(server, { protocolVersion });
      const failed = assert.rejects(client.callTool('wait'), { code: 'SLIP_CLIENT_STATE' });
      const signal = await begun.promise;
      await client.close();
      await failed;
      assert.equal(signal.aborted, true);
      await client.close();
    });
  });
}

test('the hooks of a server run around its clients: before the first, after the last', async () => {
  const server = calculator();
  const events: string[] = [];
  server.onStart(() => events.push('start'));
  server.onStop(() => events.push('stop'));
  const one = await connect(server);
  const other = await connect(server);
  assert.deepEqual(events, ['start']);
  await one.close();
  assert.deepEqual(events, ['start']);
  await other.close();
  assert.deepEqual(events, ['start', 'stop']);
  await using _again = await connect(server);
  assert.deepEqual(events, ['start', 'stop', 'start']);
});

test('a server whose start hook fails is not connected, and can be tried again', async () => {
  const server = calculator();
  let broken = true;
  server.onStart(() => {
    if (broken) throw new Error('no database');
  });
  await assert.rejects(connect(server), { code: 'SLIP_HOOK_FAILED', message: /no database/ });
  broken = false;
  await using client = await connect(server);
  assert.equal((await client.callTool('add', { a: 1, b: 2 })).text, '3');
});

test('changes are heard where the server tells them by itself', async () => {
  const server = calculator();
  await using client = await connect(server, { protocolVersion: '2025-11-25' });
  server.registerTool('new', {}, () => 'new');
  await new Promise(soon => setImmediate(soon));
  assert.deepEqual(
    client.notifications.map(({ method }) => method),
    ['notifications/tools/list_changed'],
  );
});

test('a command that serves over stdio is tested the same way', async () => {
  const [command, ...args] = [...SLIPWAY, 'start', '--stdio', 'examples/hello/server.ts'];
  await using client = await connect({ command: command!, args });
  assert.match((await client.callTool('hello', { name: 'Ada' })).text, /^Hello, Ada!/);
});
