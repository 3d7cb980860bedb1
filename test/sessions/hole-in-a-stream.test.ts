/** One message of a call could not be kept, and those behind it could: the store was locked a moment too long. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { McpServer, SlipwayError, silentLogger } from 'slipway';
import { memoryState } from '../../src/state/memory/state.ts';
import { sqliteState } from '../../src/state/sqlite/state.ts';
import type { State } from '../../src/state/state.ts';
import type { SentEvents } from '../support/sent-events.ts';
import { serving } from '../support/serving.ts';
import { SessionClient } from '../support/session-client.ts';
import { onEachDriver, SECRET, type StatePlace } from '../support/state-place.ts';

/** The priming event is the first, `one` the second. */
const LOST = 3;

/** A store that loses one event of each stream, after it was handed those behind it. */
function leaky(state: State): State {
  const { events } = state;
  return {
    ...state,
    events: {
      append: (stream, seq, message, ended) => {
        if (seq !== LOST) return events.append(stream, seq, message, ended);
        const error = new SlipwayError('SLIP_STORE_UNAVAILABLE', { why: 'a test says so' });
        return new Promise((_resolve, reject) => setTimeout(reject, 30, error));
      },
      read: (stream, after) => events.read(stream, after),
      close: (stream, message) => events.close(stream, message),
      watch: (stream, listener) => events.watch(stream, listener),
    },
  };
}

function server() {
  const made = new McpServer(
    { name: 'leaky', version: '1.0.0' },
    { secrets: [SECRET], capabilities: { logging: {} }, logger: silentLogger },
  );
  const release: (() => void)[] = [];
  made.registerTool('three', {}, async ctx => {
    await Promise.all(['one', 'two', 'three'].map(data => ctx.mcpReq.log('info', data)));
    await new Promise<void>(resolve => release.push(resolve));
    return 'done';
  });
  made.registerTool('at-once', {}, ctx => {
    for (const data of ['one', 'two', 'three']) void ctx.mcpReq.log('info', data);
    return 'done';
  });
  return { made, release };
}

/** A server whose store leaks, and another on the same store. */
async function scene(t: TestContext, place: StatePlace) {
  const { directory } = place;
  const states = [0, 1].map(() => (directory === undefined ? undefined : sqliteState({ directory })));
  t.after(() => Promise.all(states.map(state => state?.close())));
  const own = states[0] ?? memoryState();
  const { made, release } = server();
  const here = await serving(t, made, { state: leaky(own), retryMs: 50 });
  const there = await serving(t, server().made, { state: states[1] ?? own, retryMs: 50 });
  const client = await SessionClient.begin(here.url);
  /** What comes of coming back at the other server. */
  const resumed = async (id: string | undefined) => {
    const messages = await (await client.at(there.url).open(id)).messages();
    return messages.map(({ id, result, error }) => [id, error?.data.code ?? result?.content[0].text]);
  };
  return { client, release, resumed };
}

/** The ids of the three messages. */
async function idsOf(stream: SentEvents): Promise<(string | undefined)[]> {
  const ids: (string | undefined)[] = [];
  for (const data of ['one', 'two', 'three']) {
    let event = await stream.next();
    if (!event?.data) event = await stream.next();
    assert.equal(JSON.parse(event!.data!).params.data, data);
    ids.push(event!.id);
  }
  assert.deepEqual(
    ids.map(id => id !== undefined),
    [true, false, true],
  );
  return ids;
}

const TRIMMED = [['holed', 'SLIP_EVENTS_TRIMMED']];

onEachDriver('whoever comes back to behind the hole, at another process, learns how it ended', async (t, place) => {
  const { client, release, resumed } = await scene(t, place);
  const stream = await client.stream('three', {}, { id: 'holed' });
  const ids = await idsOf(stream);
  await stream.cut();
  const behind = resumed(ids[2]);
  release[0]!();
  assert.deepEqual(await behind, TRIMMED);
  assert.deepEqual(await resumed(ids[2]), TRIMMED, 'also who comes later');
  assert.deepEqual(await resumed(ids[0]), TRIMMED, 'and who comes back to before it');
});

onEachDriver('an answer that was kept behind the hole is there', async (t, place) => {
  const { client, resumed } = await scene(t, place);
  const stream = await client.stream('at-once', {}, { id: 'holed' });
  const ids = await idsOf(stream);
  await stream.rest();
  // In the store on disk, who has holes is written down a little later.
  for (let times = 0; times < 2; times++) {
    assert.deepEqual(await resumed(ids[2]), [['holed', 'done']]);
    assert.deepEqual(await resumed(ids[0]), TRIMMED);
    await new Promise(resolve => setTimeout(resolve, 60));
  }
});
