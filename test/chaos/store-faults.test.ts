/**
 * A store at fault under a server: what fails, what still serves, what /readyz says, and that all is well again once the
 * cause is gone; as docs/reference/state.md has it.
 */
import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { McpServer, silentLogger } from 'slipway';
import { Connection } from '../../src/state/sqlite/connection.ts';
import { sqliteState } from '../../src/state/sqlite/state.ts';
import type { State } from '../../src/state/state.ts';
import { FaultySqlite } from '../state/fixtures/faulty-sqlite.ts';
import { QUICK, temporaryDirectory } from '../state/fixtures/store.ts';
import { messagesIn } from '../support/sent-events.ts';
import { serving } from '../support/serving.ts';
import { refusalOf, SessionClient } from '../support/session-client.ts';

/** Needs room of its own wherever it is written, unlike a few bytes. */
const LARGE = 'x'.repeat(20_000);
const UNAVAILABLE = 'SLIP_STORE_UNAVAILABLE';

interface Scene {
  readonly state: State;
  readonly directory: string;
  readonly sqlite: FaultySqlite;
}

/** Each breaks the store, and returns what mends it. */
const FAULTS: Readonly<Record<string, (t: TestContext, scene: Scene) => () => void>> = {
  'a full disk': (_t, { sqlite }) => {
    sqlite.exec('PRAGMA max_page_count = 1');
    return () => sqlite.exec('PRAGMA max_page_count = 1000000');
  },
  'a store that another program has locked': (t, { directory }) => {
    const other = new Connection(join(directory, 'state.db'));
    t.after(() => other.close());
    other.script('BEGIN EXCLUSIVE');
    return () => other.rollback();
  },
  'a directory that is gone': (t, { directory }) => {
    const away = `${directory}-away`;
    renameSync(directory, away);
    t.after(() => rmSync(away, { recursive: true, force: true }));
    return () => renameSync(away, directory);
  },
};

function server() {
  const made = new McpServer(
    { name: 'faults', version: '1.0.0' },
    { capabilities: { logging: {}, resources: { subscribe: true } }, logger: silentLogger },
  );
  const release: (() => void)[] = [];
  made.registerTool('hello', {}, () => 'hello');
  made.registerTool('tell', {}, async ctx => {
    for (const number of [1, 2]) await ctx.mcpReq.log('info', { number, text: LARGE });
    return 'told';
  });
  made.registerTool('halves', {}, async ctx => {
    await ctx.mcpReq.log('info', 'before');
    await new Promise<void>(resolve => release.push(resolve));
    await ctx.mcpReq.log('info', LARGE);
    return 'done';
  });
  made.registerTool('ask', {}, async ctx => {
    const requestedSchema = { type: 'object' as const, properties: {} };
    return (await ctx.mcpReq.elicitInput({ message: 'Well?', requestedSchema })).action;
  });
  return { made, release };
}

async function probe(url: string, path: string): Promise<number> {
  const response = await fetch(new URL(path, url));
  await response.text();
  return response.status;
}

async function untilReady(url: string, status: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await probe(url, '/readyz')) === status) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  assert.fail(`/readyz did not become ${status}`);
}

const textOf = (answer: { result?: { content: { text: string }[] } }) => answer.result?.content[0]?.text;

/** What serves with a store and without. */
async function assertServes(url: string, client: SessionClient): Promise<void> {
  assert.equal(await probe(url, '/healthz'), 200);
  assert.equal(textOf(await client.call('hello')), 'hello');
  assert.equal(textOf(await client.call('hello', {}, { headers: { 'mcp-session-id': null } })), 'hello');
  assert.equal(textOf(await (await SessionClient.begin(url)).call('hello')), 'hello');
  const asked = await client.stream('ask');
  await client.answer((await asked.message()).id, { action: 'decline' });
  assert.equal(textOf(await asked.message()), 'decline');
  const standalone = await client.open();
  await standalone.next();
  await standalone.cut();
}

/** The messages of a call, and whether each could be resumed after. */
async function told(client: SessionClient): Promise<readonly [numbers: unknown[], ids: boolean[]]> {
  const events = await (await client.stream('tell')).rest();
  const numbers = messagesIn(events).map(({ params, result }) => params?.data.number ?? result.content[0].text);
  return [numbers, events.filter(({ data }) => data).map(({ id }) => id !== undefined)];
}

const subscribe = (client: SessionClient, uri: string) => client.ask('resources/subscribe', { uri: `note://${uri}` });

for (const [name, fault] of Object.entries(FAULTS)) {
  test(`${name}: calls serve, what must be remembered is refused, /readyz says so, and it mends`, async t => {
    const sqlite = new FaultySqlite(t);
    const directory = temporaryDirectory(t);
    const state = sqliteState({ directory }, QUICK);
    t.after(() => state.close());
    const { made, release } = server();
    const { url } = await serving(t, made, { state, retryMs: 50 });
    const client = await SessionClient.begin(url, { capabilities: { elicitation: {} } });
    await assertServes(url, client);
    assert.deepEqual(await told(client), [
      [1, 2, 'told'],
      [true, true, true],
    ]);
    assert.deepEqual((await subscribe(client, 'before')).result, {});
    const halves = await client.stream('halves', {}, { id: 'halves' });
    await halves.message();
    await untilReady(url, 200);

    const mend = fault(t, { state, directory, sqlite });
    const { error } = await subscribe(client, LARGE);
    assert.equal(error?.data?.['code'], UNAVAILABLE);
    assert.ok(!error?.message.includes(directory), 'paths and reasons are for the operator');
    await untilReady(url, 503);
    await assertServes(url, client);
    assert.deepEqual(
      await told(client),
      [
        [1, 2, 'told'],
        [false, false, false],
      ],
      'who reads along misses nothing, and is promised nothing',
    );
    release.shift()?.();
    assert.equal((await halves.message()).params.data, LARGE);
    assert.equal(textOf(await halves.message()), 'done');
    // A few bytes may still find room on a full disk.
    if (name !== 'a full disk') {
      assert.deepEqual(await refusalOf(await client.delete()), [503, UNAVAILABLE]);
      const { error: level } = await client.ask('logging/setLevel', { level: 'info' });
      assert.equal(level?.data?.['code'], UNAVAILABLE);
    }
    assert.equal(await probe(url, '/readyz'), 503);

    mend();
    await untilReady(url, 200);
    await assertServes(url, client);
    assert.deepEqual((await subscribe(client, 'after')).result, {});
    assert.deepEqual((await told(client))[1], [true, true, true]);
    // Who comes back to the call that was answered meanwhile learns that something is missing.
    const resumed = await (await client.open(halves.lastId)).messages();
    assert.deepEqual([resumed.at(-1).id, resumed.at(-1).error.data.code], ['halves', 'SLIP_EVENTS_TRIMMED']);
    assert.equal((await client.delete()).status, 204);
    const { status } = await client.send('tools/list');
    assert.equal(status, 404);
  });
}
