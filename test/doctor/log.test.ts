// What an access log says about Claude: formats, addresses, answers, and whatever else is in a log.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readArrivals } from '../../src/doctor/log/arrivals.ts';
import { isClaudeAddress } from '../../src/doctor/log/claude-network.ts';
import { combinedLine } from '../../src/doctor/log/combined-line.ts';
import { logLines } from '../../src/doctor/log/log-lines.ts';
import { logReport } from '../../src/doctor/log/log-report.ts';
import { logVerdict } from '../../src/doctor/log/log-verdict.ts';
import { PLAIN } from '../../src/doctor/report/style.ts';
import { CommandProcess, SLIPWAY } from '../cli/command-process.ts';

const CLAUDE = '160.79.104.10';

function nginx(
  request: string,
  status: number,
  { address = CLAUDE, agent = 'Claude-User', at = '10:00:00' } = {},
): string {
  return `${address} - - [27/Nov/2026:${at} +0000] "${request} HTTP/1.1" ${status} 123 "-" "${agent}"`;
}

async function verdictOf(...lines: string[]) {
  return logVerdict(await readArrivals(lines));
}

describe('the combined format', () => {
  test('time with its offset, address, request without its query, status, user agent', () => {
    const line = `2001:db8::1 - ann [27/Nov/2026:10:00:00 +0130] "POST /mcp?key=secret HTTP/2.0" 202 0 "https://a/" "Claude-User/1.0 \\"x\\""`;
    assert.deepEqual(combinedLine(line), {
      timeMs: Date.UTC(2026, 10, 27, 8, 30),
      address: '2001:db8::1',
      userAgent: 'Claude-User/1.0 \\"x\\"',
      request: 'POST /mcp',
      answer: '202',
      isGood: true,
      saysClaude: false,
    });
  });

  test('a host in front, forwarded addresses behind, and no user agent', () => {
    assert.equal(combinedLine(`mcp.example.com:443 ${nginx('GET /mcp', 405)}`)?.answer, '405');
    assert.equal(
      combinedLine(`${nginx('POST /mcp', 200, { address: '10.0.0.1' })} "${CLAUDE}, 10.0.0.9"`)?.address,
      CLAUDE,
    );
    assert.equal(
      combinedLine(`${CLAUDE} - - [27/Nov/2026:10:00:00 +0000] "POST /mcp HTTP/1.1" 200 1`)?.userAgent,
      undefined,
    );
  });

  test('what is no HTTP is kept as such, and other formats are not taken for it', () => {
    assert.equal(
      combinedLine(`${CLAUDE} - - [27/Nov/2026:10:00:00 +0000] "\\x16\\x03\\x01" 400 1 "-" "-"`)?.request,
      '(no HTTP)',
    );
    for (const line of ['', 'hello', '{"a":1}', '2026-11-27 10:00:00 error: nothing'])
      assert.equal(combinedLine(line), undefined);
  });
});

describe('Claude in a log', () => {
  test('its network is 160.79.104.0/21', () => {
    for (const address of ['160.79.104.0', '160.79.111.255', '::ffff:160.79.105.1'])
      assert.ok(isClaudeAddress(address), address);
    for (const address of ['160.79.103.255', '160.79.112.0', '::1', 'x']) assert.ok(!isClaudeAddress(address), address);
  });

  test('never arrived: rows 14 and 22', async () => {
    const verdict = await verdictOf(nginx('POST /mcp', 200, { address: '203.0.113.1', agent: 'curl/8' }));
    assert.equal(verdict.state, 'absent');
    assert.deepEqual(verdict.rows.slice(0, 2), [14, 22]);
  });

  test('is seen by its network under any user agent, and by its user agent from any address', async () => {
    const arrivals = await readArrivals([
      nginx('GET /.well-known/oauth-protected-resource', 404, { agent: 'python-httpx/0.28.1' }),
      nginx('POST /mcp', 200, { address: '203.0.113.1' }),
      nginx('POST /mcp', 200, { address: '203.0.113.1', agent: 'curl/8' }),
    ]);
    assert.equal(arrivals.claude.count, 2);
    assert.equal(arrivals.fromNetwork, 1);
    assert.deepEqual(
      arrivals.addresses.map(({ address, isClaude }) => [address, isClaude]),
      [
        [CLAUDE, true],
        ['203.0.113.1', false],
      ],
    );
  });

  test('works: the last request counts, whatever the order of the lines, and a 405 to GET is right', async () => {
    const verdict = await verdictOf(
      nginx('GET /mcp', 405, { at: '10:00:03' }),
      nginx('POST /mcp', 401, { at: '10:00:01' }),
      nginx('POST /mcp', 200, { at: '10:00:02' }),
    );
    assert.equal(verdict.state, 'works');
  });

  test('asked to sign in and never back: the token, or the way to it', async () => {
    const both = await verdictOf(nginx('POST /mcp', 401), nginx('GET /.well-known/oauth-protected-resource/mcp', 200));
    assert.equal(both.state, 'refused');
    assert.ok(both.rows.includes(24) && both.rows.includes(78));
    const without = await verdictOf(
      nginx('POST /mcp', 401),
      nginx('GET /.well-known/oauth-protected-resource/mcp', 404),
    );
    assert.deepEqual(without.rows, [49]);
  });

  test('answers lead to rows, and a good answer before is told', async () => {
    const verdict = await verdictOf(nginx('POST /mcp', 200, { at: '09:00:00' }), nginx('POST /mcp', 406));
    assert.deepEqual([verdict.state, verdict.rows], ['refused', [32]]);
    assert.match(verdict.says.join(' '), /worked before.*09:00:00/);
  });

  test('under its name only, and never from its network: that is said', async () => {
    const { says } = await verdictOf(nginx('POST /mcp', 200, { address: '203.0.113.1' }));
    assert.match(says.join(' '), /None of its requests came from 160\.79\.104\.0\/21/);
  });

  test('lines of Slipway: calls and refusals, and its other lines are no requests', async () => {
    const head = '{"level":"info","time":"2026-11-27T10:00:0';
    const arrivals = await readArrivals([
      `${head}0.000Z","pid":1,"requestId":"a","method":"initialize","outcome":"ok","duration_ms":1,"revision":"2025-11-25","client":{"name":"Anthropic/ClaudeAI","version":"1"},"claude":true,"address":"${CLAUDE}","msg":"call"}`,
      `${head}1.000Z","pid":1,"requestId":"b","method":"tools/call","tool":"add","outcome":"error","error_code":-32602,"duration_ms":1,"revision":"2025-11-25","claude":true,"address":"${CLAUDE}","msg":"call"}`,
      `${head}2.000Z","pid":1,"status":421,"code":"SLIP_HOST_DENIED","method":"POST","path":"/mcp","address":"${CLAUDE}","claude":true,"user_agent":"Claude-User","msg":"refused"}`,
      `${head}3.000Z","pid":1,"msg":"not ready: x"}`,
      `${head}4.000Z","pid":1,"requestId":"c","method":"tools/list","outcome":"ok","duration_ms":1,"revision":"2026-07-28","address":"203.0.113.1","msg":"call"}`,
    ]);
    assert.deepEqual([arrivals.requests.count, arrivals.claude.count, arrivals.unread], [4, 3, 0]);
    assert.deepEqual(arrivals.answers.map(({ request, answer }) => `${request} ${answer}`).sort(), [
      'POST /mcp 421 SLIP_HOST_DENIED',
      'initialize ok',
      'tools/call error -32602',
    ]);
    assert.deepEqual(logVerdict(arrivals).rows, [19]);
  });

  test('a log that is empty, or in no format that is known', async () => {
    assert.equal((await verdictOf()).state, 'empty');
    const strange = await verdictOf('hello', '{"remote":"x"}', 'world');
    assert.equal(strange.state, 'empty');
    assert.match(strange.says[0]!, /None of its 3 lines/);
  });

  test('texts of strangers do not reach the terminal as they are', async () => {
    const arrivals = await readArrivals([nginx('POST /\u001b[31mmcp\u202e', 404)]);
    const text = logReport(arrivals, logVerdict(arrivals), PLAIN);
    assert.match(text, /POST \/\ufffd\[31mmcp/);
    assert.ok(!text.includes('\u001b') && !text.includes('\u202e'));
  });

  test('any number of kinds is counted within bounds', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => nginx(`POST /${index}`, 404));
    const arrivals = await readArrivals(lines);
    assert.equal(arrivals.claude.count, 5_000);
    assert.ok(arrivals.answers.length <= 200);
  });
});

describe('log files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-log-'));
  after(() => rmSync(folder, { recursive: true }));

  async function linesOf(name: string, content: string | Buffer): Promise<string[]> {
    const path = join(folder, name);
    writeFileSync(path, content);
    const lines: string[] = [];
    for await (const line of logLines(path)) lines.push(line);
    return lines;
  }

  test('plain and compressed, with any line ends, the last line without one', async () => {
    assert.deepEqual(await linesOf('a.log', 'one\r\ntwo\nthree'), ['one', 'two', 'three']);
    assert.deepEqual(await linesOf('a.log.gz', gzipSync('one\ntwo\n')), ['one', 'two']);
  });

  test('a line without an end is left out, and what follows is read', async () => {
    const lines = await linesOf('long.log', `${'x'.repeat(3_000_000)}\nshort\n`);
    assert.deepEqual(lines, ['short']);
  });

  test('a file that is missing, or no gzip: a coded error, exit code 2', async () => {
    writeFileSync(join(folder, 'broken.gz'), 'hello');
    for (const path of [join(folder, 'nothing.log'), join(folder, 'broken.gz')]) {
      await using command = new CommandProcess([...SLIPWAY, 'doctor', '--log', path]);
      const { code, stderr } = await command.ended();
      assert.deepEqual([code, /SLIP_CLI_USAGE/.test(stderr)], [2, true], stderr);
    }
  });

  test('the command: several files, as JSON, exit code 1 for a client that is refused', async () => {
    writeFileSync(join(folder, 'one.log'), `${nginx('POST /mcp', 200, { at: '09:00:00' })}\n`);
    writeFileSync(join(folder, 'two.log'), `${nginx('POST /mcp', 403)}\n`);
    const files = ['one.log', 'two.log'].flatMap(name => ['--log', join(folder, name)]);
    await using command = new CommandProcess([...SLIPWAY, 'doctor', ...files, '--json']);
    const { code, stdout } = await command.ended();
    const report = JSON.parse(stdout);
    assert.deepEqual([code, report.state, report.claude.count, report.exitCode], [1, 'refused', 2, 1]);
    assert.ok(report.rows.includes(12));
  });
});
