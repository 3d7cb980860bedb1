// Slipway itself, in every mode: the doctor finds nothing, for no client, but where the mode leaves Claude out.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { createMcpHandler, fromJsonSchema, McpServer, type ServeOptions } from 'slipway';
import { CommandProcess, SLIPWAY } from '../cli/command-process.ts';
import { missing } from '../lifecycle/programs.ts';
import { serving } from '../support/serving.ts';
import { behindNginx } from './kit/nginx-front.ts';
import { assertClean, assertRoot, diagnose } from './kit/planted-fault.ts';
import { roundRobin } from './kit/round-robin.ts';
import type { Running } from './kit/running.ts';

function server(): McpServer {
  const made = new McpServer({ name: 'examined', version: '1.0.0' }, { instructions: 'Add numbers.' });
  const numbers = {
    type: 'object',
    properties: { a: { type: 'number' }, b: { type: 'number' } },
    required: ['a', 'b'],
  };
  made.registerTool(
    'add',
    {
      title: 'Add',
      description: 'Adds two numbers',
      inputSchema: fromJsonSchema(numbers as never),
      outputSchema: fromJsonSchema({ type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] }),
      annotations: { readOnlyHint: true },
    },
    (({ a, b }: { a: number; b: number }) => ({ sum: a + b })) as never,
  );
  made.registerTool('now', { title: 'Now', description: 'Time', annotations: { readOnlyHint: true } }, () => 'noon');
  made.registerPrompt('greet', { description: 'Greets' }, () => ({
    messages: [{ role: 'user', content: { type: 'text', text: 'hello' } }],
  }));
  made.registerResource('note', 'note://one', { mimeType: 'text/plain' }, uri => ({
    contents: [{ uri: uri.href, text: 'one' }],
  }));
  return made;
}

function at(url: string): Running {
  return { url, doctor: { allowPrivate: true }, requests: [], close: async () => {} };
}

const folder = mkdtempSync(join(tmpdir(), 'slipway-examined-'));
after(() => rmSync(folder, { recursive: true }));

const MODES: Readonly<Record<string, ServeOptions>> = {
  'as it comes': {},
  'without sessions': { sessions: 'off' },
  'with sessions that are optional': { sessions: 'optional' },
  'with sessions that outlive a restart': { stateDir: join(folder, 'state') },
  'answers as JSON': { responseMode: 'json' },
  'answers as event streams': { responseMode: 'sse' },
  'with HTTP+SSE of 2024-11-05': { httpSse: true },
  'every host and origin': { allowedHosts: ['*'], allowedOrigins: ['*'] },
};

describe('the doctor and Slipway', () => {
  for (const [mode, options] of Object.entries(MODES)) {
    test(mode, async t => {
      const { url } = await serving(t, server(), options);
      assertClean(await diagnose(at(url)));
    });
  }

  test('2026-07-28 only: Claude begins with initialize, which is refused', async t => {
    const { url } = await serving(t, server(), { legacy: 'reject' });
    const report = await diagnose(at(url));
    assertRoot(report, 40);
    assert.match(report.findings[0]!.notes[0]!, /Only 2026-07-28 is spoken/);
  });

  test('sessions that are required: Claude does not send the id back, and gets by with 2026-07-28', async t => {
    const { url } = await serving(t, server(), { sessions: 'required' });
    const report = await diagnose(at(url));
    assertRoot(report, 42);
    assert.deepEqual([report.verdict, report.findings[0]!.effect], ['healthy', 'risk']);
  });

  test('in several processes that share a port and a state', async () => {
    const file = resolve(import.meta.dirname, 'fixtures/careful-server.ts');
    const options = ['--port', '0', '--workers', '2', '--lame-duck-ms', '0', '--state-dir', join(folder, 'workers')];
    await using run = new CommandProcess([...SLIPWAY, 'start', file, ...options]);
    assertClean(await diagnose(at(await run.listening())));
    run.child.kill('SIGTERM');
    await run.ended();
  });

  test('two of them behind a balancer: with the same secrets they are one, without they are not', async t => {
    const pair = async (secrets: readonly string[]) => {
      const served = secrets.map(secret => serving(t, server(), { sessions: 'optional', secrets: [secret] }));
      const front = await roundRobin((await Promise.all(served)).map(({ url }) => at(url)));
      t.after(() => front.close());
      return diagnose(front);
    };
    assertClean(await pair(['x'.repeat(32), 'x'.repeat(32)]));
    assertRoot(await pair(['x'.repeat(32), 'y'.repeat(32)]), 45);
  });

  for (const mode of ['as it comes', 'with sessions that are optional', 'answers as event streams'] as const) {
    // Nothing but proxy_pass: it tells nginx itself not to collect its streams.
    test(`${mode}, behind nginx as it is by itself`, { skip: missing('nginx') }, async t => {
      const { url } = await serving(t, server(), MODES[mode]);
      const front = await behindNginx(at(url), { location: '' });
      t.after(() => front.close());
      assertClean(await diagnose(front));
    });
  }

  test('at the root, at /mcp and at /mcp/', async t => {
    const { url } = await serving(t, server());
    for (const path of ['/', '/mcp', '/mcp/']) assertClean(await diagnose(at(new URL(path, url).href)));
  });

  test('with probes that leave state or add load', async t => {
    const { url } = await serving(t, server());
    assertClean(await diagnose(at(url), { write: true }));
  });

  test('a server per request', async t => {
    const { url } = await serving(t, context => (context.era === 'modern' ? server() : server()));
    assertClean(await diagnose(at(url)));
  });

  test('mounted in a server of node:http', async t => {
    const handler = createMcpHandler(server());
    const host = createServer((request, response) => void handler.node(request, response));
    await new Promise<void>(resolve => host.listen(0, '127.0.0.1', resolve));
    t.after(async () => {
      host.closeAllConnections();
      host.close();
      await handler.close();
    });
    const { port } = host.address() as AddressInfo;
    assertClean(await diagnose(at(`http://127.0.0.1:${port}/mcp`)));
  });

  test('a tool that the author allowed is found all the same', async t => {
    const made = server();
    made.registerTool('files.read', {}, () => 'text');
    const { url } = await serving(t, made);
    const { findings } = await diagnose(at(url));
    assert.deepEqual(
      findings.map(({ row }) => row),
      [90],
    );
  });
});
