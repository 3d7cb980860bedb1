import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type AuthInfo, McpServer, ResourceTemplate } from 'slipway';
import { z } from 'zod';
import { type AuditRecord, auditTrail } from '../../src/host/sight/audit-trail.ts';
import type { EndedCall } from '../../src/server/call-observer.ts';
import { ask, callTool } from '../support/mcp-post.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { eventually } from '../support/serving.ts';
import { SessionClient } from '../support/session-client.ts';
import { type LoggedServer, type LoggedServerOptions, linesIn, loggedServer } from './logged-server.ts';

const ALICE: AuthInfo = { token: 'tok-secret-of-alice', clientId: 'client-1', scopes: [], extra: { sub: 'alice' } };

function server(): McpServer {
  const made = new McpServer({ name: 'audited', version: '1.0.0' });
  const inputSchema = z.looseObject({});
  made.registerTool('pay', { inputSchema }, () => 'paid');
  made.registerTool('break', { inputSchema }, () => {
    throw new Error('broken');
  });
  made.registerPrompt('greeting', { argsSchema: z.object({ name: z.string() }) }, () => 'hi');
  made.registerResource('note', new ResourceTemplate('note://{id}', { list: undefined }), {}, async uri => ({
    contents: [{ uri: uri.href, text: 'note' }],
  }));
  return made;
}

async function served(t: TestContext, options: LoggedServerOptions = {}): Promise<LoggedServer> {
  return loggedServer(t, server(), { auth: () => ALICE, ...options });
}

test('one record for each call: who, what, with what, how it ended', async t => {
  const logged = await served(t);
  await callTool(logged.url, 'pay', { to: 'bob', amount: 12 });
  const [{ time, requestId, durationMs, ...rest }] = await logged.auditLines();
  assert.deepEqual(rest, {
    seq: 1,
    pid: process.pid,
    method: 'tools/call',
    tool: 'pay',
    clientId: 'client-1',
    subject: 'alice',
    argumentsHash: `sha256:${createHash('sha256').update('{"amount":12,"to":"bob"}').digest('hex')}`,
    outcome: 'ok',
    address: '127.0.0.1',
    clientName: 'test',
    revision: '2026-07-28',
  });
  assert.equal(new Date(time).toISOString(), time);
  assert.ok(durationMs >= 0);
  const access = (await logged.logLines()).find(({ msg }) => msg === 'call');
  assert.equal(access.requestId, requestId, 'the two logs can be joined');
});

test('the hash is that of the arguments, whatever their order', async t => {
  const logged = await served(t);
  await callTool(logged.url, 'pay', { a: 1, b: { c: [1, 2], d: null } });
  await callTool(logged.url, 'pay', { b: { d: null, c: [1, 2] }, a: 1 });
  await callTool(logged.url, 'pay', { b: { d: null, c: [2, 1] }, a: 1 });
  const [first, second, third] = (await logged.auditLines()).map(({ argumentsHash }) => argumentsHash);
  assert.equal(first, second);
  assert.notEqual(first, third);
});

test('tools, prompts and resources are audited, by the name of the resource; nothing else is', async t => {
  const logged = await served(t);
  const { url } = logged;
  await ask(url, 'prompts/get', { name: 'greeting', arguments: { name: 'bob' } });
  await ask(url, 'resources/read', { uri: 'note://patient-4711' });
  await ask(url, 'tools/list');
  await callTool(url, 'break');
  await callTool(url, 'nothing-of-ours');
  const lines = await logged.auditLines();
  assert.deepEqual(
    lines.map(({ seq, method, tool, prompt, resource, unknown, outcome, errorCode }) =>
      [seq, method, tool ?? prompt ?? resource, unknown, outcome, errorCode].map(value => value ?? '-').join(' '),
    ),
    [
      '1 prompts/get greeting - ok -',
      '2 resources/read note - ok -',
      '3 tools/call break - tool_error -',
      '4 tools/call nothing-of-ours true error -32602',
    ],
  );
  assert.doesNotMatch(await logged.auditText(), /patient-4711|bob/);
});

test('nobody who was authenticated is null, not left out', async t => {
  const logged = await served(t, { auth: () => undefined });
  await callTool(logged.url, 'pay');
  const [line] = await logged.auditLines();
  assert.equal(line.clientId, null);
  assert.ok(!('subject' in line));
});

test('a session has the same name as in the access log', async t => {
  const logged = await served(t, { key: 'k'.repeat(32) });
  const client = await SessionClient.begin(logged.url);
  await client.ask('tools/call', { name: 'pay', arguments: {} });
  const [line] = await logged.auditLines();
  const access = (await logged.logLines()).find(({ method }) => method === 'tools/call');
  assert.match(line.session, /^[0-9a-f]{16}$/);
  assert.equal(line.session, access.session);
});

test('a view of the arguments, without what looks like a secret', async t => {
  const logged = await served(t, { auditing: { arguments: 'redacted' } });
  const args = {
    to: 'bob',
    password: 'hunter2',
    headers: { Authorization: 'Bearer hunter2hunter2' },
    note: 'see https://u:hunter2@x.example/?q=hunter2 and token=hunter2',
    long: 'word '.repeat(1_000),
  };
  await callTool(logged.url, 'pay', args);
  await ask(logged.url, 'resources/read', { uri: 'note://1?key=hunter2' });
  const text = await logged.auditText();
  assert.doesNotMatch(text, /hunter2/);
  const [line] = linesIn(text);
  assert.equal(line.arguments.to, 'bob');
  assert.equal(line.arguments.password, '[redacted]');
  assert.ok(line.arguments.long.length < 300);
  assert.equal(line.argumentsHash, undefined);
});

test('nothing of the arguments, where nothing is to be kept', async t => {
  const logged = await served(t, { auditing: { arguments: 'none' } });
  await callTool(logged.url, 'pay', { to: 'bob' });
  const [line] = await logged.auditLines();
  assert.ok(!('arguments' in line) && !('argumentsHash' in line), JSON.stringify(line));
});

test('a callback gets the records; what it throws costs the record, not the call', async t => {
  const records: AuditRecord[] = [];
  const onAudit = (record: AuditRecord): void => {
    records.push(record);
    if (record.seq === 2) throw new Error('no room');
  };
  const logged = await served(t, { auditing: { onAudit } });
  for (let at = 0; at < 3; at++) {
    assert.equal((await callTool(logged.url, 'pay', { at })).result.content[0].text, 'paid');
  }
  assert.deepEqual(
    records.map(({ seq, subject }) => [seq, subject]),
    [
      [1, 'alice'],
      [2, 'alice'],
      [3, 'alice'],
    ],
  );
  assert.equal(logged.audit.lost, 1);
  const [told, ...more] = (await logged.logLines()).filter(({ level }) => level === 'error');
  assert.deepEqual(more, []);
  assert.equal(told.lost, 1);
  assert.equal(told.error.message, 'no room');
  assert.equal((await logged.auditLines()).length, 3, 'the file has them all');
});

test('the file is for its owner only, and goes on after a rotation', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-audit-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'own.log');
  const logged = await served(t, { auditing: { file } });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  await callTool(logged.url, 'pay');
  await logged.audit.reopen();
  renameSync(file, `${file}.1`);
  await logged.audit.reopen();
  await callTool(logged.url, 'pay');
  await eventually(() => linesIn(readFileSync(file, 'utf8')).length === 1, 'the second record, without a flush');
  assert.equal(linesIn(readFileSync(`${file}.1`, 'utf8'))[0].seq, 1);
  assert.equal(linesIn(readFileSync(file, 'utf8'))[0].seq, 2);
});

/** A call as an observer sees it, without a server. */
function ended(name: string, args: unknown = {}): EndedCall {
  const call = { id: 1, method: 'tools/call', params: { name, arguments: args }, revision: '2026-07-28' };
  const context = { call, peer: {}, requestId: 'r-1', component: name };
  return { context, durationMs: 1, outcome: 'ok', errorCode: undefined, error: undefined } as unknown as EndedCall;
}

test('a full disk: calls go on, the log tells once, the loss is counted', async () => {
  const logger = recordedLog();
  const trail = auditTrail({ file: '/dev/full', logger });
  for (let at = 0; at < 20; at++) {
    for (let more = 0; more < 10_000; more++) trail.ended(ended('pay'));
    await trail.flush();
  }
  assert.ok(trail.lost > 100_000 && trail.lost < 200_000, String(trail.lost));
  assert.equal(logger.entries.length, 1);
  assert.equal(logger.entries[0]!.fields.error.code, 'ENOSPC');
  await trail.close();
  assert.equal(trail.lost, 200_000, 'what was still kept is lost with the end');
  assert.equal(logger.entries.at(-1)!.fields.lostInAll, 200_000);
});

test('a callback that never answers does not keep the records, nor the end', async () => {
  const logger = recordedLog();
  const trail = auditTrail({ onAudit: () => new Promise(() => {}), logger });
  for (let at = 0; at < 3_000; at++) trail.ended(ended('pay'));
  assert.equal(trail.lost, 2_000);
  assert.equal(logger.entries.length, 1);
  const start = performance.now();
  await trail.close();
  assert.ok(performance.now() - start < 5_000);
});

test('a rejection is a lost record', async () => {
  const logger = recordedLog();
  const trail = auditTrail({ onAudit: async () => Promise.reject(new Error('gone')), logger });
  trail.ended(ended('pay'));
  await trail.flush();
  assert.equal(trail.lost, 1);
  assert.equal(logger.entries[0]!.fields.error.message, 'gone');
  await trail.close();
});
