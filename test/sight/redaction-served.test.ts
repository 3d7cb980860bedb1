// Secrets are planted wherever a server meets them; then everything that its process wrote is searched for them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ask, callTool } from '../support/mcp-post.ts';
import { SessionClient } from '../support/session-client.ts';

/** Not one that its looks betray: only where it stands does. */
const SECRET = 'xyzzy-plugh';

interface Leaking {
  readonly url: string;
  /** Ends the server and gives everything it wrote: standard output, standard error, the audit file. */
  end(): Promise<string>;
}

async function leaking(t: TestContext): Promise<Leaking> {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-leak-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const auditFile = join(directory, 'audit.log');
  const fixture = join(import.meta.dirname, 'fixtures/leaking-server.ts');
  const child = spawn(process.execPath, ['--conditions=@slipway/source', fixture, auditFile]);
  t.after(() => {
    if (child.exitCode === null) child.kill('SIGKILL');
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      written += text;
    });
  }
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()));
  for (let at = 0; at < 1_000 && !written.includes('/mcp\n'); at++)
    await new Promise(resolve => setTimeout(resolve, 10));
  const [url] = /http:\S+/.exec(written) ?? [];
  assert.ok(url !== undefined, written);
  return {
    url,
    end: async () => {
      child.stdin.end();
      await ended;
      return written + readFileSync(auditFile, 'utf8');
    },
  };
}

test('no secret is written, wherever it was', async t => {
  const { url, end } = await leaking(t);
  const headers = { authorization: `Bearer ${SECRET}`, cookie: `id=${SECRET}`, 'x-api-key': SECRET };
  const args = { secret: SECRET, api_key: SECRET, deep: [{ userPassword: SECRET }] };
  for (const tool of ['log-fields', 'throw', 'throw-object', 'quiet']) {
    const answer = await callTool(url, tool, args, { headers });
    assert.ok(answer.result !== undefined, JSON.stringify(answer));
  }
  await ask(url, 'prompts/get', { name: 'throw', arguments: { secret: SECRET } }, { headers });
  await ask(`${url}?token=${SECRET}`, 'tools/list', {}, { headers });
  await (await fetch(`${url}?token=${SECRET}`, { method: 'PUT', headers })).text();
  await (await fetch(url, { method: 'POST', headers: { ...headers, 'mcp-session-id': SECRET }, body: SECRET })).text();
  const client = await SessionClient.begin(url, { headers });
  await client.ask('tools/call', { name: 'quiet', arguments: args });

  const written = await end();
  const found = written.split('\n').filter(line => line.includes(SECRET) || line.includes(client.sessionId));
  assert.deepEqual(found, []);
  // What should have been written, was: the search looked at the real thing.
  for (const message of ['a member', 'headers', 'raw headers', 'the request', 'the params', 'call', 'refused']) {
    assert.ok(written.includes(`"msg":"${message}"`), `no line says ${message}`);
  }
  const [internal] = written.split('\n').filter(line => line.includes('request failed'));
  const line = JSON.parse(internal!);
  assert.equal(line.error.cause.errors.length, 2);
  assert.match(line.error.stack, /leaking-server/);
  assert.match(written, /"tool":"quiet"[^\n]*"arguments":\{/, 'the audit file has a view of the arguments');
});

test('the control: a secret that nothing betrays is found', async t => {
  const { url, end } = await leaking(t);
  await callTool(url, 'control', { secret: SECRET });
  assert.ok((await end()).includes(SECRET));
});

test('the internal error of a tool is logged with the id of its request', async t => {
  const { url, end } = await leaking(t);
  await callTool(url, 'throw', { secret: SECRET });
  await callTool(url, 'throw', { secret: SECRET });
  const lines = (await end())
    .split('\n')
    .filter(line => line.startsWith('{"level"'))
    .map(line => JSON.parse(line));
  const internal = lines.filter(({ msg }) => msg === 'internal error').map(({ requestId }) => requestId);
  const calls = lines.filter(({ msg }) => msg === 'call').map(({ requestId }) => requestId);
  assert.equal(calls.length, 2);
  assert.deepEqual(internal, calls);
});
