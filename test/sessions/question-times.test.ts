import assert from 'node:assert/strict';
import { eventually } from '../support/serving.ts';
import { SessionClient } from '../support/session-client.ts';
import { onEachDriver } from '../support/state-place.ts';
import { ABLE, asking, resultOf, WORD } from './asking-server.ts';

onEachDriver('a question that is not answered in time is withdrawn', async (_t, place) => {
  const { url } = await place.serve(asking().server);
  const client = await SessionClient.begin(url, { capabilities: ABLE });
  const stream = await client.stream('impatient');
  const { id } = await stream.message();
  const withdrawn = await stream.message();
  assert.equal(withdrawn.method, 'notifications/cancelled');
  assert.equal(withdrawn.params.requestId, id);
  assert.equal((await resultOf(stream)).code, 'REQUEST_TIMEOUT');
  assert.equal(await client.answer(id, { action: 'decline' }), 202, 'a late answer is no fault');
});

onEachDriver('progress about a question keeps it open, from another connection or process', async (_t, place) => {
  const made = asking();
  const one = await place.serve(made.server);
  const other = await place.serve(asking().server);
  const client = await SessionClient.begin(one.url, { capabilities: ABLE });
  const stream = await client.stream('with-progress');
  const { id, params } = await stream.message();
  const { progressToken } = params._meta;
  // Together longer than the question may take, and each much shorter.
  for (let progress = 1; progress <= 5; progress++) {
    await new Promise(resolve => setTimeout(resolve, 250));
    const from = progress % 2 === 0 ? client : client.at(other.url);
    assert.equal(await from.tell('notifications/progress', { progressToken, progress, total: 5 }), 202);
  }
  await eventually(() => made.progress.length === 5);
  await client.answer(id, WORD);
  assert.deepEqual(await resultOf(stream), WORD);
});

onEachDriver('the time that the user takes is not the time of the handler', async (_t, place) => {
  const { url } = await place.serve(asking().server, { requestTimeoutMs: 120, keepAliveMs: 50 });
  const client = await SessionClient.begin(url, { capabilities: ABLE });
  const stream = await client.stream('form');
  const { id } = await stream.message();
  await new Promise(resolve => setTimeout(resolve, 400));
  assert.deepEqual(stream.waiting(), []);
  await client.answer(id, { action: 'decline' });
  assert.deepEqual(await resultOf(stream), { action: 'decline' });
  // A handler that only takes long is ended.
  const waiting = await (await client.stream('wait')).messages();
  assert.equal(waiting.at(-1).error.data.code, 'SLIP_REQUEST_TIMEOUT');
});
