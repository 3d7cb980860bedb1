// The code of docs/guides/testing.md does what the page says: each of its blocks is run as the test that it is.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { CommandProcess } from '../cli/command-process.ts';

const PAGE = resolve(import.meta.dirname, '../../docs/guides/testing.md');
const BLOCKS = [...readFileSync(PAGE, 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);

const SERVER = `import { McpServer, silentLogger } from 'slipway';
import { z } from 'zod';
const server = new McpServer({ name: 'calculator', version: '1.0.0' }, { logger: silentLogger });
const Numbers = z.object({ a: z.number(), b: z.number(), note: z.string().optional() });
server.registerTool('add', { inputSchema: Numbers }, ({ a, b }) => String(a + b));
export default server;
`;

describe('the guide to testing', { concurrency: 2 }, () => {
  // Inside of the checkout, where the package finds itself by its name; no other tool looks into folders with a dot.
  const folder = mkdtempSync(join(import.meta.dirname, '.guide-'));
  after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'server.ts'), SERVER);

  test('has code', () => assert.ok(BLOCKS.length >= 4));

  for (const [at, code] of BLOCKS.entries()) {
    test(`block ${at + 1} passes`, async () => {
      const file = join(folder, `block-${at + 1}.ts`);
      writeFileSync(file, code);
      // As a shell would, not as a part of this run.
      const node = ['env', '-u', 'NODE_TEST_CONTEXT', process.execPath, '--conditions=@slipway/source'];
      await using child = new CommandProcess([...node, file]);
      const { code: exit, stdout, stderr } = await child.ended();
      assert.equal(exit, 0, stdout + stderr);
      assert.match(stdout, /pass [1-9]/);
    });
  }
});
