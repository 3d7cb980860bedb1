import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type Message, MODERN_META, type StdioProcess, started, textOf } from './stdio-process.ts';

const called = (server: StdioProcess, name: string, args: object = {}) =>
  server.ask('tools/call', { name, arguments: args });

describe('both eras on stdio', { concurrency: 2 }, () => {
  test('initialize agrees on a revision, and the 2025 era is served', async t => {
    const server = started(t);
    for (const revision of ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05']) {
      assert.equal((await server.initialize(revision)).result?.['protocolVersion'], revision);
    }
    assert.equal(textOf(await called(server, 'echo', { text: 'a' })), 'a');
  });

  test('the modern era needs no handshake, and both may be spoken in one process', async t => {
    const server = started(t);
    const discovered = await server.askModern('server/discover');
    assert.deepEqual(discovered.result?.['supportedVersions'], ['2026-07-28']);
    const answer = await server.askModern('tools/call', { name: 'echo', arguments: { text: 'a' } });
    assert.equal(answer.result?.['resultType'], 'complete');
    await server.initialize();
    assert.equal((await called(server, 'echo', { text: 'b' })).result?.['resultType'], undefined);
    assert.equal((await server.askModern('ping')).error?.code, -32601);
  });

  test('an unknown revision names those that are spoken', async t => {
    const server = started(t);
    const _meta = { ...MODERN_META, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' };
    const { error } = await server.ask('server/discover', { _meta });
    assert.equal(error?.code, -32022);
    assert.deepEqual(error?.data?.supported, ['2026-07-28']);
  });

  test('a result that can not be written as JSON is an internal error, not silence', async t => {
    const server = started(t);
    assert.equal((await called(server, 'unwritable')).error?.code, -32603);
    assert.deepEqual((await server.ask('ping')).result, {});
  });
});

describe('what a client asks of a running call', { concurrency: 2 }, () => {
  for (const era of ['legacy', 'modern'] as const) {
    test(`${era}: a cancelled call is aborted and never answered`, async t => {
      const server = started(t);
      const params = { name: 'wait', ...(era === 'modern' && { _meta: MODERN_META }) };
      const id = server.begin('tools/call', params);
      await server.until('stderr', /waiting/);
      server.send({ method: 'notifications/cancelled', params: { requestId: id, reason: 'enough' } });
      await server.until('stderr', /aborted/);
      server.hangUp();
      assert.equal((await server.ended()).stdout, '');
    });

    test(`${era}: progress comes before the answer`, async t => {
      const server = started(t);
      const meta = { progressToken: 'p', ...(era === 'modern' && MODERN_META) };
      const answer = await server.ask('tools/call', { name: 'climb', _meta: meta });
      assert.equal(textOf(answer), 'up');
      const messages = server.messages.flat();
      assert.deepEqual(
        messages.map(({ method, params }) => [method, params?.['progressToken'], params?.['progress']]),
        [
          ['notifications/progress', 'p', 1],
          ['notifications/progress', 'p', 2],
          ['notifications/progress', 'p', 3],
          [undefined, undefined, undefined],
        ],
      );
    });
  }

  test('logging/setLevel is remembered for the connection', async t => {
    const server = started(t);
    await server.initialize();
    await called(server, 'log');
    assert.deepEqual((await server.ask('logging/setLevel', { level: 'warning' })).result, {});
    await called(server, 'log');
    const levels = server.messages.flat().flatMap(({ method, params }) => (method ? [params?.['level']] : []));
    assert.deepEqual(levels, ['debug', 'warning', 'warning']);
  });
});

describe('questions to the client', { concurrency: 2 }, () => {
  const answerTo = async (server: StdioProcess, method: string, result: object) => {
    const request = await server.message(message => message.method === method);
    server.send({ id: request.id, result });
    return request;
  };

  test('2025: a question that the handler returns is a request, and the call goes on with its answer', async t => {
    const server = started(t);
    await server.initialize('2025-11-25', { elicitation: { form: {} } });
    const call = called(server, 'ship');
    await answerTo(server, 'elicitation/create', { action: 'accept', content: { city: 'Lima' } });
    assert.equal(textOf(await call), 'to Lima');
  });

  test('2026: it is the answer, and the call comes back with what was asked', async t => {
    const server = started(t);
    const first = await server.askModern('tools/call', { name: 'ship' });
    assert.equal(first.result?.['resultType'], 'input_required');
    const { requestState } = first.result as { requestState?: string };
    const inputResponses = { place: { action: 'accept', content: { city: 'Lima' } } };
    const second = await server.askModern('tools/call', {
      name: 'ship',
      inputResponses,
      ...(requestState !== undefined && { requestState }),
    });
    assert.equal(textOf(second), 'to Lima');
    assert.ok(
      server.messages.flat().every(({ method }) => method === undefined),
      'no request to the client',
    );
  });

  test('2025: elicitation, sampling, roots and ping', async t => {
    const server = started(t);
    await server.initialize('2025-11-25', { elicitation: {}, sampling: {}, roots: {} });
    const asks = called(server, 'ask');
    await answerTo(server, 'elicitation/create', { action: 'decline' });
    assert.equal(textOf(await asks), 'decline');
    const sample = called(server, 'sample');
    const content = { type: 'text', text: 'Hello' };
    await answerTo(server, 'sampling/createMessage', { role: 'assistant', content, model: 'm' });
    assert.deepEqual(JSON.parse(textOf(await sample)), content);
    const roots = called(server, 'roots');
    await answerTo(server, 'roots/list', { roots: [{ uri: 'file:///a' }] });
    assert.deepEqual(JSON.parse(textOf(await roots)), [{ uri: 'file:///a' }]);
    const ping = called(server, 'ping');
    await answerTo(server, 'ping', {});
    assert.equal(textOf(await ping), 'pong');
  });

  test('2025: cancelling the call takes the question back', async t => {
    const server = started(t);
    await server.initialize('2025-11-25', { elicitation: {} });
    const id = server.begin('tools/call', { name: 'ask' });
    const question = await server.message(({ method }) => method === 'elicitation/create');
    server.send({ method: 'notifications/cancelled', params: { requestId: id } });
    const taken = await server.message(({ method }) => method === 'notifications/cancelled');
    assert.equal(taken.params?.['requestId'], question.id);
  });
});

describe('changes', { concurrency: 2 }, () => {
  const heard = (server: StdioProcess) =>
    server.messages
      .flat()
      .flatMap(({ method, params }) => (method ? [`${method} ${params?.['uri'] ?? ''}`.trim()] : []));

  test('2025: lists at once; resources while they are subscribed to', async t => {
    const server = started(t);
    await server.initialize();
    const change = () => called(server, 'change', { uri: 'tide://now' });
    await change();
    await server.ask('resources/subscribe', { uri: 'tide://now' });
    await server.ask('resources/subscribe', { uri: 'tide://now' });
    await change();
    await called(server, 'change', { uri: 'tide://other' });
    await server.ask('resources/unsubscribe', { uri: 'tide://now' });
    await change();
    await called(server, 'grow');
    assert.deepEqual(heard(server), ['notifications/resources/updated tide://now', 'notifications/tools/list_changed']);
  });

  test('2025: who may not read a resource hears nothing of it, and can not tell', async t => {
    const server = started(t);
    await server.initialize();
    const hidden = await server.ask('resources/subscribe', { uri: 'wreck://1' });
    const unknown = await server.ask('resources/subscribe', { uri: 'wreck://2' });
    assert.deepEqual([hidden.result, hidden.error], [unknown.result, unknown.error]);
    await called(server, 'change', { uri: 'wreck://1' });
    assert.deepEqual(heard(server), []);
  });

  test('2026: only what is listened for, under the id of the stream, until it is cancelled', async t => {
    const server = started(t);
    const wanted = { toolsListChanged: true, resourceSubscriptions: ['tide://now', 'wreck://1'] };
    const change = (uri: string) => server.askModern('tools/call', { name: 'change', arguments: { uri } });
    await change('tide://now');
    const id = server.begin('subscriptions/listen', { notifications: wanted, _meta: MODERN_META });
    const acknowledged = await server.message(({ method }) => method === 'notifications/subscriptions/acknowledged');
    assert.deepEqual(acknowledged.params?.['notifications'], {
      toolsListChanged: true,
      resourceSubscriptions: ['tide://now'],
    });
    await change('tide://now');
    await change('wreck://1');
    await server.askModern('tools/call', { name: 'grow' });
    server.send({ method: 'notifications/cancelled', params: { requestId: id } });
    await change('tide://now');
    assert.deepEqual(heard(server).slice(1), [
      'notifications/resources/updated tide://now',
      'notifications/tools/list_changed',
    ]);
    for (const { method, params } of server.messages.flat()) {
      if (method !== undefined) assert.equal(params?._meta?.['io.modelcontextprotocol/subscriptionId'], id);
    }
    assert.ok(
      server.messages.flat().every(message => message.id !== id),
      'a cancelled stream has no response',
    );
  });
});

describe('a client that does not keep up', { concurrency: 2 }, () => {
  test('slows the handler down, and gets everything once it reads', async t => {
    const server = started(t);
    await server.initialize();
    server.child.stdout!.pause();
    const id = server.begin('tools/call', { name: 'flood', arguments: { times: 200 } });
    await server.until('stderr', /flooded 0/);
    await pause(500);
    assert.doesNotMatch(server.stderr, /flooded 190/, 'the handler waits');
    server.child.stdout!.resume();
    assert.equal(textOf(await server.answer(id)), 'done');
    assert.equal(server.messages.flat().filter(({ method }) => method === 'notifications/message').length, 200);
  });

  test('is not read from while too much waits for it', async t => {
    const server = started(t);
    await server.initialize();
    server.child.stdout!.pause();
    const ids = Array.from({ length: 30 }, () =>
      server.begin('tools/call', { name: 'large', arguments: { bytes: 1_000_000 } }),
    );
    await pause(1_000);
    // What is sent now waits in the pipe and is answered later.
    const last = server.begin('tools/call', { name: 'slow', arguments: { ms: 1 } });
    await pause(500);
    assert.doesNotMatch(server.stderr, /begun/);
    server.child.stdout!.resume();
    assert.equal(textOf(await server.answer(last)), 'finished');
    for (const id of ids) assert.equal(textOf((await server.answer(id)) as Message).length, 1_000_000);
  });
});
