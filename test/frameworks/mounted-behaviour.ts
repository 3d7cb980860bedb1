import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { OpenStream } from '../support/event-stream.ts';
import { answerIn, askLegacy, callTool, modern, send } from '../support/mcp-post.ts';
import { eventually } from '../support/serving.ts';
import type { FrameworkServer } from './framework-server.ts';

/** Listens on a free port until the test ends; gives the base URL. */
export async function listening(t: TestContext, server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function listeningWith(t: TestContext, listener: Parameters<typeof createServer>[1]): Promise<string> {
  return listening(t, createServer(listener));
}

/** What has to work wherever the handler is mounted. */
export async function assertServes(url: string, server: FrameworkServer): Promise<void> {
  const called = await callTool(url, 'echo', { text: 'grüße' });
  assert.equal(called.result.content[0].text, 'grüße');
  const older = await askLegacy(url, 'tools/call', { name: 'echo', arguments: { text: 'older' } });
  assert.equal(older.result.content[0].text, 'older');

  const meta = { 'io.modelcontextprotocol/logLevel': 'info' };
  const stepping = modern('tools/call', { name: 'steps', arguments: { count: 3 } }, { meta });
  const response = await send(url, stepping);
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  const messages = await new OpenStream(response).rest();
  assert.deepEqual(
    messages.map(({ params, result }) => params?.data ?? result.content[0].text),
    ['step 1', 'step 2', 'step 3', 'done'],
  );

  const listening = modern('subscriptions/listen', { notifications: { toolsListChanged: true } });
  const stream = new OpenStream(await send(url, listening));
  assert.equal((await stream.next()).method, 'notifications/subscriptions/acknowledged');
  server.mcp.sendToolListChanged();
  assert.equal((await stream.next()).method, 'notifications/tools/list_changed');
  await stream.cancel();

  const before = server.cancelled;
  const leaving = new AbortController();
  const left = send(url, modern('tools/call', { name: 'wait' }), leaving.signal);
  const begun = server.waiting;
  await eventually(() => server.waiting > begun || server.waiting > before, 'the call');
  leaving.abort();
  await assert.rejects(left, { name: 'AbortError' });
  await eventually(() => server.cancelled === before + 1, 'the cancellation');
}

/** Bodies that are refused: each with the status that the handler itself gives. */
export async function assertRefuses(url: string): Promise<void> {
  const good = modern('tools/list');
  const wrongType = await send(url, { ...good, headers: { ...good.headers, 'content-type': 'text/plain' } });
  assert.equal(wrongType.status, 415);
  await wrongType.text();
  const wrongMethod = await fetch(url);
  assert.equal(wrongMethod.status, 405);
  assert.equal(wrongMethod.headers.get('allow'), 'POST, OPTIONS');
  await wrongMethod.text();
  const foreign = await send(url, { ...good, headers: { ...good.headers, origin: 'https://evil.example' } });
  assert.equal(foreign.status, 403);
  assert.equal((await answerIn(foreign)).error?.data?.['code'], 'SLIP_ORIGIN_REFUSED');
}
