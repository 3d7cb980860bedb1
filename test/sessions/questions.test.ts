import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serving } from '../support/serving.ts';
import { SessionClient } from '../support/session-client.ts';
import { onEachDriver } from '../support/state-place.ts';
import { ABLE, asking, FORM, resultOf, SAMPLE, SAMPLE_WITH_TOOLS, VISIT, WORD } from './asking-server.ts';

const USE = {
  role: 'assistant',
  content: [{ type: 'tool_use', id: 't1', name: 'weather', input: { city: 'Bonn' } }],
  model: 'm',
  stopReason: 'toolUse',
};
const ROOTS = { roots: [{ uri: 'file:///project', name: 'project' }] };

for (const [tool, method, params, answer] of [
  [
    'form',
    'elicitation/create',
    { ...FORM, mode: 'form' },
    { action: 'accept', content: { colour: 'green', size: 3 } },
  ],
  ['form', 'elicitation/create', { ...FORM, mode: 'form' }, { action: 'decline' }],
  ['form', 'elicitation/create', { ...FORM, mode: 'form' }, { action: 'cancel' }],
  ['visit', 'elicitation/create', VISIT, { action: 'accept' }],
  ['sample', 'sampling/createMessage', SAMPLE, WORD],
  ['sample-with-tools', 'sampling/createMessage', SAMPLE_WITH_TOOLS, USE],
  ['roots', 'roots/list', undefined, ROOTS],
  ['server-face', 'roots/list', undefined, ROOTS],
  ['ping', 'ping', undefined, {}],
] as const) {
  const action = 'action' in answer ? `, ${answer.action}` : '';
  onEachDriver(`${tool}: the question arrives word for word, and the answer too${action}`, async (_t, place) => {
    const { url } = await place.serve(asking().server);
    const client = await SessionClient.begin(url, { capabilities: ABLE });
    const stream = await client.stream(tool);
    const { id, jsonrpc, ...question } = await stream.message();
    assert.equal(jsonrpc, '2.0');
    assert.deepEqual(question, params === undefined ? { method } : { method, params });
    assert.equal(await client.answer(id, answer), 202);
    assert.deepEqual(await resultOf(stream), answer);
  });
}

onEachDriver('questions at the same time find their own answers, in whatever order they come', async (_t, place) => {
  const { url } = await place.serve(asking().server);
  const client = await SessionClient.begin(url, { capabilities: ABLE });
  const answers: Record<string, unknown> = {
    'elicitation/create': { action: 'decline' },
    'sampling/createMessage': WORD,
    'roots/list': ROOTS,
  };
  const calls = await Promise.all([1, 2, 3].map(() => client.stream('three')));
  const questions = [];
  for (const stream of calls) for (let n = 0; n < 3; n++) questions.push(await stream.message());
  assert.equal(new Set(questions.map(({ id }) => id)).size, 9, 'ids are unique in the session');
  await Promise.all(questions.reverse().map(({ id, method }) => client.answer(id, answers[method])));
  for (const stream of calls) assert.deepEqual(await resultOf(stream), Object.values(answers));
});

onEachDriver('an answer may be posted to another process', async (_t, place) => {
  const one = await place.serve(asking().server);
  const other = await place.serve(asking().server);
  const client = await SessionClient.begin(one.url, { capabilities: ABLE });
  const stream = await client.stream('sample');
  const { id } = await stream.message();
  assert.equal(await client.at(other.url).answer(id, WORD), 202);
  assert.deepEqual(await resultOf(stream), WORD);
});

onEachDriver('an answer from another session, or to another question, is not taken', async (_t, place) => {
  const { url } = await place.serve(asking().server);
  const [client, other] = [
    await SessionClient.begin(url, { capabilities: ABLE }),
    await SessionClient.begin(url, { capabilities: ABLE }),
  ];
  const [stream, others] = [await client.stream('sample'), await other.stream('sample')];
  const [{ id }, { id: othersId }] = [await stream.message(), await others.message()];
  const wrong = { ...WORD, model: 'wrong' };
  for (const [from, to] of [
    [other, id],
    [client, othersId],
    [client, `${id}0`],
    [client, 0],
    [client, ''],
  ] as const) {
    assert.equal(await from.answer(to, wrong), 202);
  }
  await new Promise(resolve => setTimeout(resolve, 60));
  assert.deepEqual([...stream.waiting(), ...others.waiting()], []);
  assert.equal(await client.answer(id, WORD), 202);
  assert.equal(await other.answer(othersId, { ...WORD, model: 'other' }), 202);
  assert.deepEqual(await resultOf(stream), WORD);
  assert.equal((await resultOf(others)).model, 'other');
});

onEachDriver('the first answer counts; a second one changes nothing', async (_t, place) => {
  const { url } = await place.serve(asking().server);
  const client = await SessionClient.begin(url, { capabilities: ABLE });
  const stream = await client.stream('sample');
  const { id } = await stream.message();
  assert.equal(await client.answer(id, WORD), 202);
  assert.equal(await client.answer(id, { ...WORD, model: 'late' }), 202);
  assert.deepEqual(await resultOf(stream), WORD);
  assert.equal(await client.answer(id, { ...WORD, model: 'too late' }), 202);
  assert.deepEqual((await client.ask('ping')).result, {});
});

onEachDriver('an error of the client is an error for the handler', async (_t, place) => {
  const { url } = await place.serve(asking().server);
  const client = await SessionClient.begin(url, { capabilities: ABLE });
  const stream = await client.stream('sample');
  const { id } = await stream.message();
  assert.equal(
    await client.refuse(id, { code: -1, message: 'User rejected sampling request', data: { why: 'no' } }),
    202,
  );
  const { code, message, data } = await resultOf(stream);
  assert.deepEqual([code, message, data], [-1, 'User rejected sampling request', { why: 'no' }]);
});

onEachDriver('an answer that does not fit the question is an error for the handler', async (_t, place) => {
  const { url } = await place.serve(asking().server);
  const client = await SessionClient.begin(url, { capabilities: ABLE });
  const form = await client.stream('form');
  await client.answer((await form.message()).id, { action: 'accept', content: { colour: 'blue' } });
  assert.match((await resultOf(form)).message, /does not match/);
  const sample = await client.stream('sample');
  await client.answer((await sample.message()).id, { nothing: true });
  assert.match((await resultOf(sample)).message, /Invalid sampling/);
});

for (const [tool, capabilities] of [
  ['form', {}],
  ['form', { elicitation: { url: {} } }],
  ['visit', { elicitation: {} }],
  ['visit', { elicitation: { form: {} } }],
  ['sample', {}],
  ['sample-with-tools', { sampling: {} }],
  ['roots', { sampling: {}, elicitation: {} }],
] as const) {
  test(`${tool} is not asked of a client that declared ${JSON.stringify(capabilities)}`, async t => {
    const { url } = await serving(t, asking().server);
    const client = await SessionClient.begin(url, { capabilities });
    const { result } = await client.call(tool);
    const { code, message } = JSON.parse(result.content[0].text);
    assert.equal(code, 'CAPABILITY_NOT_SUPPORTED', message);
  });
}

test('elicitation {} means forms', async t => {
  const { url } = await serving(t, asking().server);
  const client = await SessionClient.begin(url, { capabilities: { elicitation: {} } });
  const stream = await client.stream('form');
  await client.answer((await stream.message()).id, { action: 'decline' });
  assert.deepEqual(await resultOf(stream), { action: 'decline' });
});

test('where the answer can not become a stream, or there is no session, nobody can be asked', async t => {
  const { url } = await serving(t, asking().server);
  const client = await SessionClient.begin(url, { capabilities: ABLE });
  const json = await client.call('ping', {}, { headers: { accept: 'application/json' } });
  assert.match(json.result.content[0].text, /SLIP_CLIENT_UNREACHABLE/);
  const stateless = await client.call('ping', {}, { headers: { 'mcp-session-id': null } });
  assert.match(stateless.result.content[0].text, /SLIP_CLIENT_UNREACHABLE/);
  const noStreams = await serving(t, asking().server, { responseMode: 'json' });
  const other = await SessionClient.begin(noStreams.url, { capabilities: ABLE });
  assert.match((await other.call('ping')).result.content[0].text, /SLIP_CLIENT_UNREACHABLE/);
});

onEachDriver(
  'a page that the user was sent to is done: the client hears of it, the call being over',
  async (_t, place) => {
    const made = asking();
    const { url } = await place.serve(made.server);
    const [client, other] = [
      await SessionClient.begin(url, { capabilities: ABLE }),
      await SessionClient.begin(url, { capabilities: ABLE }),
    ];
    const [listening, others] = [await client.open(), await other.open()];
    await Promise.all([listening.next(), others.next()]);
    const stream = await client.stream('visit-and-leave');
    await client.answer((await stream.message()).id, { action: 'accept' });
    assert.deepEqual(await resultOf(stream), { action: 'accept' });
    const before = listening.lastId;
    await made.complete?.();
    const notice = {
      jsonrpc: '2.0',
      method: 'notifications/elicitation/complete',
      params: { elicitationId: 'visit-1' },
    };
    assert.deepEqual(await listening.message(), notice);
    await listening.cut();
    const again = await client.open(before);
    assert.deepEqual(await again.message(), notice, 'and hears of it when it comes back');
    assert.deepEqual(others.waiting(), []);
    await Promise.all([again.cut(), others.cut()]);
  },
);

onEachDriver('while the call runs, that the page is done is told on its own stream', async (_t, place) => {
  const made = asking();
  const { url } = await place.serve(made.server);
  const client = await SessionClient.begin(url, { capabilities: ABLE });
  const listening = await client.open();
  await listening.next();
  const stream = await client.stream('visit-and-leave');
  const { id } = await stream.message();
  await made.complete?.();
  assert.equal((await stream.message()).method, 'notifications/elicitation/complete');
  await client.answer(id, { action: 'accept' });
  assert.deepEqual(await resultOf(stream), { action: 'accept' });
  assert.deepEqual(listening.waiting(), []);
  await listening.cut();
});

onEachDriver(
  'an answer of the wrong kind is an error for the handler, and no fault of the server',
  async (_t, place) => {
    const { url } = await place.serve(asking().server);
    const client = await SessionClient.begin(url, { capabilities: ABLE });
    for (const tool of ['form', 'visit', 'sample', 'roots']) {
      for (const answer of [
        {},
        { action: 7 },
        { action: 'accept', content: 'text' },
        { roots: 'none' },
        { model: 1 },
      ]) {
        const stream = await client.stream(tool);
        assert.equal(await client.answer((await stream.message()).id, answer), 202);
        assert.notEqual(await resultOf(stream), undefined);
      }
    }
    const stream = await client.stream('form');
    const { id } = await stream.message();
    for (const body of [
      { jsonrpc: '2.0', id },
      { jsonrpc: '2.0', id, result: null },
      { jsonrpc: '2.0', id, error: null },
      { jsonrpc: '2.0', id, error: { code: 'x' } },
    ]) {
      const response = await client.post(JSON.stringify(body));
      await response.text();
      assert.equal(response.status, 400, JSON.stringify(body));
    }
    await client.answer(id, { action: 'decline' });
    assert.deepEqual(await resultOf(stream), { action: 'decline' });
  },
);
