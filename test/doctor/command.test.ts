// slipway doctor as a process: what it prints where, its exit codes, and lines that it does not understand.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { doctor as doctorCommand } from '../../src/cli/doctor/doctor.ts';
import { SlipwayError } from '../../src/protocol/coded-error.ts';
import { CommandProcess, SLIPWAY } from '../cli/command-process.ts';
import { TOKEN } from './kit/healthy-oauth.ts';
import { type HealthyOptions, healthyServer } from './kit/healthy-server.ts';
import { THROW_AWAY } from './kit/throw-away-ca.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-doctor-'));
after(() => rmSync(folder, { recursive: true }));

async function doctor(...args: string[]) {
  await using run = new CommandProcess([...SLIPWAY, 'doctor', ...args]);
  // Awaited here: the process ends with this block.
  return await run.ended();
}

/** Runs the command against a server of this process. */
async function against(options: HealthyOptions, ...args: string[]) {
  const running = await healthyServer(options);
  try {
    return { ...(await doctor(running.url, '--allow-private', ...args)), requests: running.requests };
  } finally {
    await running.close();
  }
}

const badName: HealthyOptions = { tools: [{ name: 'a.b', inputSchema: { type: 'object' } }] };

describe('slipway doctor', () => {
  test('a healthy server: exit code 0, what can not be seen, and how to settle it', async () => {
    const { code, stdout, stderr } = await against({});
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /No server-side cause found for Claude\./);
    assert.match(
      stdout.replace(/\s+/g, ' '),
      /row 14 \(Firewall blocks by address\) and row 22 .* slipway doctor --log/,
    );
    // Progress is told beside the report, not in it.
    assert.match(
      stderr,
      /examining address\nexamining TLS\nexamining HTTP edge\nexamining MCP\nexamining OAuth\nexamining tools\n/,
    );
    assert.doesNotMatch(stdout, /examining/);
  });

  test('what fails Claude: exit code 1, with message, cause, fix and evidence', async () => {
    const { code, stdout } = await against(badName);
    assert.equal(code, 1);
    const text = stdout.replace(/\s+/g, ' ');
    assert.match(text, /✖ Row 90: Tool name that Claude refuses fails Claude/);
    assert.match(text, /Claude: E7 "connected, but it shows no tools"/);
    assert.match(text, /fix Use 1 to 64 of A-Z/);
    assert.match(text, /evidence 'a\.b' is not a valid tool name/);
    assert.match(text, /One cause found why Claude can not connect or work: row 90\./);
  });

  test('what fails others only: exit code 0 for Claude, 1 for them', async () => {
    // Too long for Cursor.
    const long: HealthyOptions = { tools: [{ name: 'a'.repeat(62), inputSchema: { type: 'object' } }] };
    const claude = await against(long);
    assert.equal(claude.code, 0);
    assert.match(claude.stdout, /! Row 91: .* {2}fails others/);
    assert.equal((await against(long, '--profile', 'cursor')).code, 1);
    assert.equal((await against(long, '--profile', 'claude,cursor')).code, 1);
    assert.equal((await against(long, '--profile', 'vscode', '--profile', 'chatgpt')).code, 0);
  });

  test('what could not be examined: exit code 2, with the reason', async () => {
    const { code, stdout } = await doctor('http://127.0.0.1:9/mcp', '--allow-private');
    assert.equal(code, 2);
    assert.match(stdout, /It could not be examined: 127\.0\.0\.1 port 9 refuses \(ECONNREFUSED\)/);
    // In CI it is an error, not a run without failures.
    const junit = await doctor('http://127.0.0.1:9/mcp', '--allow-private', '--junit');
    assert.equal(junit.code, 2);
    assert.match(junit.stdout, /<testcase name="examined" classname="doctor\.tls"><error message="127\.0\.0\.1 port 9/);
    assert.deepEqual(junit.stdout.match(/errors="[1-9]"/g), ['errors="1"']);
  });

  test('a name server that does not answer is no missing name', async () => {
    const { code, stdout } = await doctor('https://mcp.example.com/mcp', '--dns', '127.0.0.1:9');
    const text = stdout.replace(/\s+/g, ' ');
    assert.deepEqual(
      [code, /the name server does not say what address mcp\.example\.com has/.test(text)],
      [2, true],
      text,
    );
  });

  test('something else than MCP at the URL: what it says, and what was not looked for', async () => {
    const refusal = { status: 418, headers: { 'Content-Type': 'text/plain' }, body: 'I am\na teapot' };
    const { code, stdout } = await against({ fault: () => refusal });
    const text = stdout.replace(/\s+/g, ' ');
    assert.equal(code, 2);
    assert.match(text, /It could not be examined: initialize is not answered in MCP, but with 418 .*: I am a teapot\./);
    assert.match(text, /MCP nothing found, \d+ rows not checked/);
  });

  test('https where http is spoken: the same words in each run', async () => {
    const running = await healthyServer();
    try {
      const { code, stdout } = await doctor(running.url.replace('http:', 'https:'), '--allow-private', '--json');
      const [finding] = JSON.parse(stdout).findings;
      assert.deepEqual([code, finding.row, finding.notes], [1, 4, ['The port speaks http, without TLS.']]);
      assert.equal(finding.evidence[0].text, '127.0.0.1: the TLS handshake fails: wrong version number');
    } finally {
      await running.close();
    }
  });

  test('a private address without --allow-private: row 2, and nothing is sent', async () => {
    const running = await healthyServer();
    try {
      const { code, stdout } = await doctor(running.url);
      assert.deepEqual([code, /Row 2: Private address/.test(stdout)], [1, true]);
      assert.match(stdout, /127\.0\.0\.1 is a loopback address, and --allow-private was not given/);
      assert.equal(running.requests.length, 0);
    } finally {
      await running.close();
    }
  });

  test('--bearer and --header reach the server and no output; @file keeps the token off the command line', async () => {
    const file = join(folder, 'token');
    writeFileSync(file, `${TOKEN}\n`);
    for (const given of [TOKEN, `@${file}`]) {
      const { code, stdout, stderr, requests } = await against(
        { oauth: true, ...badName },
        '--bearer',
        given,
        '--header',
        'X-Tenant: acme, two',
        '--header',
        'X-Other: three',
      );
      assert.equal(code, 1, stdout);
      assert.match(stdout, /Row 90/);
      const signedIn = requests.filter(({ headers }) => headers.authorization === `Bearer ${TOKEN}`);
      assert.ok(signedIn.length > 0);
      assert.deepEqual([signedIn[0]?.headers['x-tenant'], signedIn[0]?.headers['x-other']], ['acme, two', 'three']);
      assert.ok(!(stdout + stderr).includes(TOKEN));
    }
  });

  test('--ca, --connect-to, --dns: a public name that leads to this machine', async () => {
    const running = await healthyServer({ public: {} });
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, THROW_AWAY.root);
    const [rule] = running.doctor.connectTo!;
    try {
      const args = [
        running.url,
        '--connect-to',
        `${rule!.host}::127.0.0.1:${rule!.toPort}`,
        '--dns',
        running.doctor.dns!,
      ];
      const trusted = await doctor(...args, '--ca', ca);
      assert.equal(trusted.code, 0, trusted.stdout);
      assert.match(trusted.stdout, /https:\/\/mcp\.example\.com\/mcp/);
      assert.notEqual((await doctor(...args)).code, 0);
    } finally {
      await running.close();
    }
  });

  test('--json is one document with everything in it', async () => {
    const { code, stdout } = await against(badName, '--json', '--profile', 'all');
    const report = JSON.parse(stdout);
    assert.deepEqual([code, report.format, report.exitCode, report.verdict], [1, 1, 1, 'failing']);
    assert.equal(report.clients.length, 6);
    const [finding] = report.findings;
    assert.deepEqual([finding.row, finding.severity, finding.stage], [90, 'fails Claude', 'tools']);
    assert.deepEqual(finding.clients[0], { client: 'claude', message: 'E7 "connected, but it shows no tools"' });
    assert.ok(report.checked.includes(32));
    assert.deepEqual(report.invisible, [14, 22]);
    assert.ok(report.unchecked.some(({ why }: { why: string }) => /--write/.test(why)));
  });

  test('--junit has a case for each row', async () => {
    const { code, stdout } = await against(badName, '--junit');
    assert.equal(code, 1);
    assert.equal(stdout.match(/<testcase /g)?.length, 100);
    assert.match(stdout, /<testcase name="row 90: [^"]+" classname="doctor\.tools"><failure message="fails Claude: /);
    assert.match(stdout, /<testcase name="row 14: [^"]+" classname="doctor\.edge"><skipped /);
    assert.match(stdout, /<testcase name="row 32: [^"]+" classname="doctor\.mcp"\/>/);
  });

  test('--explain and --list print the catalogue', async () => {
    const one = await doctor('--explain', '12');
    assert.deepEqual([one.code, one.stdout.split('\n')[0]], [0, 'Row 12: User agent Claude-User is blocked']);
    const all = await doctor('--list');
    assert.deepEqual([all.code, all.stdout.trim().split('\n').length], [0, 100]);
    assert.equal(JSON.parse((await doctor('--list', '--json')).stdout).length, 100);
    assert.equal(JSON.parse((await doctor('--explain', '90', '--json')).stdout).row, 90);
  });
});

describe('lines that slipway doctor does not understand', () => {
  const lines: Readonly<Record<string, readonly [args: readonly string[], says: RegExp]>> = {
    'no target': [[], /takes the URL of an MCP server, or a server file/],
    'no URL': [['http://'], /SLIP_DOCTOR_TARGET/],
    'another scheme': [['ftp://mcp.example.com/'], /neither http nor https/],
    'a password in the URL': [['https://ann:secret@mcp.example.com/'], /user or a password/],
    'an unknown profile': [
      ['http://127.0.0.1:9/', '--profile', 'netscape'],
      /--profile takes claude, .*not 'netscape'/,
    ],
    'both formats': [['http://127.0.0.1:9/', '--json', '--junit'], /give one of them/],
    'a row that there is not': [['--explain', '101'], /1 to 100, not '101'/],
    'a token with spaces': [['http://127.0.0.1:9/', '--bearer', 'a b'], /--bearer takes a token/],
    'a header without a colon': [['http://127.0.0.1:9/', '--header', 'secret'], /--header takes 'Name: value'/],
    'a header with a line feed': [['http://127.0.0.1:9/', '--header', 'A: b\nC: d'], /--header takes/],
    'a header that every request has': [
      ['http://127.0.0.1:9/', '--header', 'content-length: 5'],
      /--header: content-length is written by the doctor itself/,
    ],
    'two ways to authenticate': [
      ['http://127.0.0.1:9/', '--bearer', 'secret', '--header', 'Authorization: Basic secret'],
      /--bearer and --header Authorization both authenticate/,
    ],
    'a log as JUnit': [['--log', '/nowhere.log', '--junit'], /--log is told as text, or with --json/],
    'a CA that is not there': [
      ['http://127.0.0.1:9/', '--ca', '/nowhere.pem'],
      /--ca: \/nowhere\.pem can not be read \(ENOENT\)/,
    ],
    'a CA that is no certificate': [
      ['http://127.0.0.1:9/', '--ca', import.meta.filename],
      /--ca: .*command\.test\.ts holds no certificate \(PEM\)/,
    ],
    'a name server by name': [['http://127.0.0.1:9/', '--dns', 'dns.example.com'], /--dns takes an address/],
    'no time at all': [['http://127.0.0.1:9/', '--timeout', '0'], /--timeout takes seconds/],
    'a broken --connect-to': [
      ['http://127.0.0.1:9/', '--connect-to', 'a:b'],
      /--connect-to takes host:port:address:port/,
    ],
    'an unknown flag': [['http://127.0.0.1:9/', '--wirte'], /--write/],
  };
  // As a process those that commander has words for; the others are the same function without the start of a process.
  for (const what of ['no target', 'a password in the URL', 'an unknown flag']) {
    const [args, says] = lines[what]!;
    test(`${what}: exit code 2, one line, no stack`, async () => {
      const { code, stdout, stderr } = await doctor(...args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, says);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
      assert.doesNotMatch(stderr, /secret@|ann:/);
    });
  }

  for (const [what, [args, says]] of Object.entries(lines)) {
    if (what === 'an unknown flag') continue;
    test(what, async () => {
      const { target, values, repeated } = lineOf(args);
      await assert.rejects(doctorCommand(target, values, { more: [], repeated }), error => {
        assert.ok(error instanceof SlipwayError);
        assert.match(error.message, says);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
    });
  }
});

/** A line as main.ts reads it. */
function lineOf(args: readonly string[]) {
  const [target, ...rest] = args[0]?.startsWith('--') === true ? [undefined, ...args] : args;
  const values: Record<string, string> = {};
  const repeated: Record<string, string[]> = {};
  for (let at = 0; at < rest.length; at++) {
    const name = rest[at]!.slice(2);
    if (/^(json|junit)$/.test(name)) values[name] = 'true';
    else if (/^(header|connect-to|log)$/.test(name)) repeated[name] = [rest[++at]!];
    else values[name] = rest[++at]!;
  }
  return { target, values, repeated };
}

describe('Ctrl-C', () => {
  test('ends the examination, and what was found so far is told', async () => {
    const running = await healthyServer({ raw: ({ method }) => method === 'POST' });
    try {
      await using run = new CommandProcess([...SLIPWAY, 'doctor', running.url, '--allow-private', '--json']);
      await run.until('stderr', /examining HTTP edge/);
      run.child.kill('SIGINT');
      const { code, stdout } = await run.ended();
      const report = JSON.parse(stdout);
      assert.deepEqual([code, report.verdict], [2, 'not-run']);
      assert.deepEqual(report.stages[0], { stage: 'address', state: 'examined' });
    } finally {
      await running.close();
    }
  });
});
