import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { McpServer, silentLogger } from 'slipway';
import { z } from 'zod';
import { listing } from '../../src/cli/list/listing.ts';
import { serving } from '../support/serving.ts';
import { slipway } from './command-process.ts';

const FILE = relative('', resolve(import.meta.dirname, 'fixtures/called-server.ts'));

const TABLE = `called 2.0.0 at ${FILE}, protocol 2026-07-28
Call me.

Tools
  order    Orders something
      item     string    What to order
      count    integer   (default 1)
      tags     string[]  (optional)
      express  boolean   (optional)
  fails
  climbs
  picture
  ship
  survey
  visit

Resources
  note://motd  motd - Message of the day - text/plain

Prompts
  plan  Plans a trip
      city
`;

describe('slipway list', { concurrency: 2 }, () => {
  test('shows what a file offers', async () => {
    const { code, stdout, stderr } = await slipway(['list', FILE]);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, TABLE);
    assert.match(stderr, /printed while it is loaded/);
  });

  test('--json has everything, for programs', async () => {
    const { stdout } = await slipway(['list', FILE, '--json', '--revision', '2025-11-25']);
    const offer = JSON.parse(stdout) as Record<string, unknown> & { tools: { name: string; inputSchema: object }[] };
    assert.equal(offer['protocolVersion'], '2025-11-25');
    assert.deepEqual(offer['server'], { name: 'called', version: '2.0.0' });
    assert.equal(offer.tools.length, 7);
    assert.ok(offer.tools[0]!.inputSchema);
  });

  test('takes the usual server file of the folder, and says when there is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-list-'));
    try {
      const { code, stderr } = await slipway(['list'], folder);
      assert.equal(code, 1);
      assert.match(stderr, /There is no file 'server\.ts'.*\(SLIP_CLI_FILE_MISSING\)\n$/);
      writeFileSync(join(folder, 'server.ts'), 'export default 1;\n');
      assert.match((await slipway(['list'], folder)).stderr, /SLIP_CLI_NO_SERVER/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('shows what a server over HTTP offers, all pages of it', async t => {
    const server = new McpServer({ name: 'many', version: '1.0.0' }, { pageSize: 2, logger: silentLogger });
    for (let number = 1; number <= 7; number++) {
      server.registerTool(`tool-${number}`, { inputSchema: z.object({ a: z.enum(['x', 'y']) }) }, () => 'done');
    }
    const { url } = await serving(t, server);
    const { stdout } = await slipway(['list', url]);
    assert.match(stdout, new RegExp(`^many 1\\.0\\.0 at ${url}, `));
    assert.equal(stdout.match(/^ {2}tool-\d$/gm)?.length, 7);
    assert.match(stdout, /^ {6}a {2}x \| y$/m);
  });
});

test('a server that offers nothing, and long descriptions', () => {
  const empty = {
    server: undefined,
    protocolVersion: '2025-03-26',
    instructions: undefined,
    capabilities: {},
    tools: [],
    resources: [],
    resourceTemplates: [],
    prompts: [],
  };
  assert.match(listing(empty, 'x', 80), /without a name at x.*\n\nIt offers neither tools/);
  const description = 'word '.repeat(40).trim();
  const inputSchema = { type: 'object' as const, properties: { a: { description } } };
  const text = listing({ ...empty, tools: [{ name: 'long\u001B[2J', description, inputSchema }] }, 'x', 80);
  assert.ok(text.split('\n').every(line => line.length <= 80));
  assert.equal(text.includes('\u001B'), false);
  assert.equal(text.match(/word/g)?.length, 80);
});
