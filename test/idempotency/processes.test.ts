// Real processes on one state directory, one of which dies.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '../support/mcp-post.ts';
import { effectsIn, ServerProcess, temporaryDirectory } from './fixtures/server-process.ts';
import { call, freshKey, keyed, LOST, REPLAY, RUNNING, told } from './keyed-calls.ts';

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let n = 0; n < 200; n++) {
    if (await condition()) return;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  assert.fail('it did not come to that');
}

test('a call that is sent to several processes at once is done by one of them', async t => {
  const directory = temporaryDirectory(t);
  const servers = await Promise.all([1, 2, 3].map(() => ServerProcess.start(t, directory)));
  for (let round = 1; round <= 10; round++) {
    const key = freshKey();
    const sent = servers.flatMap(({ url }) => [call(url, 'count', key), call(url, 'count', key)]);
    const answers = (await Promise.all(sent)).map(told);
    assert.equal(effectsIn(directory).length, round, JSON.stringify(answers));
    const [text] = answers.find(([, replay]) => replay === false)!;
    for (const [first, second] of answers) {
      if (first === text) continue;
      assert.deepEqual([first, second], RUNNING);
    }
    for (const { url } of servers) assert.deepEqual(told(await call(url, 'count', key)), [text, true]);
  }
});

test('a call of another process is running, then done, then outlives it', async t => {
  const directory = temporaryDirectory(t);
  const [one, other] = [await ServerProcess.start(t, directory), await ServerProcess.start(t, directory)];
  const key = freshKey();
  const first = call(one.url, 'wait', key);
  await until(() => effectsIn(directory).length === 1);
  const running = await call(other.url, 'wait', key);
  assert.deepEqual(told(running), RUNNING);
  assert.ok(Number(running.error?.data?.['retryAfterMs']) > 0);
  one.release();
  const [text, replay] = told(await first);
  assert.equal(replay, false);
  assert.deepEqual(told(await call(other.url, 'wait', key)), [text, true]);
  await Promise.all([one.kill(), other.kill()]);
  const next = await ServerProcess.start(t, directory);
  assert.deepEqual(told(await call(next.url, 'wait', key)), [text, true]);
  assert.deepEqual(effectsIn(directory), ['wait']);
});

test('of a call whose process died nobody knows how far it got', async t => {
  const directory = temporaryDirectory(t);
  const [one, other] = [await ServerProcess.start(t, directory), await ServerProcess.start(t, directory)];
  const key = freshKey();
  const first = call(one.url, 'wait', key).catch(() => 'cut');
  await until(() => effectsIn(directory).length === 1);
  await one.kill();
  assert.equal(await first, 'cut');
  let answer: unknown[] = [];
  await until(async () => {
    answer = told(await call(other.url, 'wait', key));
    return answer[1] !== RUNNING[1];
  });
  assert.deepEqual(answer, LOST);
  const next = await ServerProcess.start(t, directory);
  assert.deepEqual(told(await call(next.url, 'wait', key)), LOST);
  assert.deepEqual(effectsIn(directory), ['wait']);
});

test('the rounds of one call may go to different processes', async t => {
  const directory = temporaryDirectory(t);
  const [one, other] = [await ServerProcess.start(t, directory), await ServerProcess.start(t, directory)];
  const key = freshKey();
  const changes = { ...keyed(key), capabilities: { elicitation: { form: {} } } };
  const send = (url: string, members = {}) =>
    ask(url, 'tools/call', { name: 'ask', arguments: {}, ...members }, changes);
  const asked = await send(one.url);
  const again = await send(other.url);
  assert.equal(again.result._meta[REPLAY], true);
  assert.equal(again.result.requestState, asked.result.requestState);
  const [question = ''] = Object.keys(asked.result.inputRequests);
  const inputResponses = { [question]: { action: 'accept', content: {} } };
  const members = { requestState: asked.result.requestState, inputResponses };
  assert.deepEqual(told(await send(other.url, members)), ['accept', false]);
  await one.kill();
  assert.deepEqual(told(await send(other.url, members)), ['accept', true]);
  assert.deepEqual(effectsIn(directory), ['before', 'after']);
});
