// What the README shows is run as it stands there.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { nextSteps } from '../src/cli/next-steps.ts';
import { CommandProcess, SLIPWAY } from './cli/command-process.ts';
import { readmeBlocks } from './readme-blocks.ts';

const PLACE = { url: 'http://127.0.0.1:8087/mcp', host: '127.0.0.1', port: 8087 };

describe('the README', () => {
  test('its curl commands print what stands below them', async () => {
    const blocks = readmeBlocks();
    const commands = blocks.flatMap(({ language, code }, index) =>
      language === 'sh' && code.startsWith('curl ') ? [{ command: code, output: blocks[index + 1]!.code }] : [],
    );
    assert.equal(commands.length, 2, 'one for each era');
    await using server = new CommandProcess([...SLIPWAY, 'start', 'examples/hello/server.ts', '--port', '0']);
    const { host } = new URL(await server.listening());
    for (const { command, output } of commands) {
      const { stdout } = await promisify(execFile)('sh', ['-c', command.replaceAll('127.0.0.1:8087', host)]);
      assert.equal(stdout, output.trimEnd());
    }
  });

  test('its lines for clients are those that slipway start prints', () => {
    const printed = nextSteps('hello', PLACE);
    const lines = readmeBlocks().filter(({ code }) => /^(claude|cloudflared) |"servers"|"mcpServers"/.test(code));
    assert.equal(lines.length, 4);
    for (const { language, code } of lines) {
      const line = language === 'json' ? JSON.stringify(JSON.parse(code)) : code.trim();
      assert.ok(printed.includes(line), line);
    }
  });
});
