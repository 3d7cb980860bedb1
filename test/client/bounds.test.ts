/** What a client does with servers that do not come to an end, or ask what they may not. */
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Client } from '../../src/client/client.ts';
import type { ClientOptions } from '../../src/client/client-options.ts';
import {
  clientFor,
  DISCOVERED,
  failure,
  INITIALIZED,
  type Message,
  result,
  ScriptedTransport,
} from './scripted-server.ts';

type Script = (message: Message) => readonly Message[];

async function modernClient(t: TestContext, script: Script, options: ClientOptions = {}) {
  const transport = new ScriptedTransport(message =>
    message.method === 'server/discover' ? [result(message, DISCOVERED)] : script(message),
  );
  const client = clientFor(t, options);
  await client.connect(transport);
  return { client, transport };
}

async function legacyClient(t: TestContext, script: Script, options: ClientOptions = {}) {
  const transport = new ScriptedTransport(message => {
    if (message.method === 'initialize') return [result(message, INITIALIZED)];
    return message.method === 'notifications/initialized' ? [] : script(message);
  });
  const client = clientFor(t, { protocolVersion: '2025-11-25', ...options });
  await client.connect(transport);
  return { client, transport };
}

const DONE = { content: [] };
const QUESTION = {
  method: 'elicitation/create',
  params: { message: 'Sure?', requestedSchema: { type: 'object', properties: { ok: { type: 'boolean' } } } },
};

describe('lists', () => {
  const listed = (client: Client) => client.listTools();
  test('one without an end', async t => {
    let page = 0;
    const script: Script = message => [result(message, { tools: [], nextCursor: `page ${++page}` })];
    const { client } = await modernClient(t, script, { maxPages: 5 });
    await assert.rejects(listed(client), { code: 'SLIP_SERVER_LIST', message: /after 5 pages/ });
    assert.equal(page, 5);
  });

  test('one that goes in a circle, one without entries', async t => {
    const circle = await modernClient(t, message => [result(message, { tools: [], nextCursor: 'same' })]);
    await assert.rejects(listed(circle.client), { code: 'SLIP_SERVER_LIST', message: /twice/ });
    const empty = await modernClient(t, message => [result(message, {})]);
    await assert.rejects(listed(empty.client), { code: 'SLIP_SERVER_LIST', message: /no array 'tools'/ });
  });

  test('one page can be had alone', async t => {
    const script: Script = message => [
      result(message, { tools: [], nextCursor: 'next', asked: message.params.cursor }),
    ];
    const { client } = await modernClient(t, script);
    const page = await client.listTools({ cursor: 'here' });
    assert.equal(page.nextCursor, 'next');
    assert.equal(page['asked'], 'here');
  });

  test('what the server does not have is not asked for', async t => {
    const transport = new ScriptedTransport(message => [result(message, { ...DISCOVERED, capabilities: {} })]);
    const client = clientFor(t);
    await client.connect(transport);
    assert.deepEqual(await client.listTools(), { tools: [] });
    assert.deepEqual(await client.listPrompts(), { prompts: [] });
    assert.deepEqual(await client.listResources(), { resources: [] });
    assert.deepEqual(await client.listResourceTemplates(), { resourceTemplates: [] });
    assert.equal(transport.received.length, 1);
  });
});

describe('rounds', () => {
  test('carry the answers under their keys and the state unchanged, with another id each time', async t => {
    const state = 'opaque \u0000 "state"';
    const { client, transport } = await modernClient(
      t,
      message => {
        const { inputResponses, requestState } = message.params;
        if (inputResponses === undefined) {
          const inputRequests = { one: QUESTION, two: { method: 'roots/list' } };
          return [result(message, { resultType: 'input_required', inputRequests, requestState: state })];
        }
        // A round without questions, and without a state.
        if (requestState !== undefined) return [result(message, { resultType: 'input_required', inputRequests: {} })];
        return [result(message, DONE)];
      },
      { elicit: () => ({ action: 'accept', content: { ok: true } }), roots: () => [{ uri: 'file:///a' }] },
    );
    await client.callTool({ name: 'x', arguments: { a: 1 } });
    const [, first, second, third] = transport.received;
    assert.deepEqual(second.params.inputResponses, {
      one: { action: 'accept', content: { ok: true } },
      two: { roots: [{ uri: 'file:///a' }] },
    });
    assert.equal(second.params.requestState, state);
    assert.deepEqual(second.params.arguments, { a: 1 });
    assert.equal('requestState' in third.params, false);
    assert.equal(new Set([first.id, second.id, third.id]).size, 3);
    const { elicitation, roots, sampling } = first.params._meta['io.modelcontextprotocol/clientCapabilities'];
    assert.deepEqual([elicitation, roots, sampling], [{ form: {}, url: {} }, {}, undefined]);
  });

  test('come to an end', async t => {
    const script: Script = message => [result(message, { resultType: 'input_required', requestState: 'more' })];
    const { client, transport } = await modernClient(t, script, { maxInputRounds: 3 });
    await assert.rejects(client.callTool({ name: 'x' }), { code: 'SLIP_SERVER_ROUNDS', message: /after 3 rounds/ });
    assert.equal(transport.received.length, 1 + 4);
  });

  const asking = (inputRequests: unknown) => (message: Message) => [
    result(message, { resultType: 'input_required', ...(inputRequests !== undefined && { inputRequests }) }),
  ];
  const CASES: [title: string, inputRequests: unknown, code: string, says: RegExp][] = [
    [
      'a question that nobody here answers',
      { a: QUESTION },
      'SLIP_SERVER_ASKS',
      /needs the client capability elicitation/,
    ],
    ['a model', { a: { method: 'sampling/createMessage', params: {} } }, 'SLIP_SERVER_ASKS', /capability sampling/],
    ['anything else', { a: { method: 'acme/own' } }, 'SLIP_SERVER_ASKS', /Method not found/],
    ['no method', { a: {} }, 'SLIP_SERVER_ANSWER', /has no method/],
    ['nothing at all', undefined, 'SLIP_SERVER_ANSWER', /does not say for which/],
  ];
  for (const [title, inputRequests, code, message] of CASES) {
    test(`asking for ${title} ends the call`, async t => {
      const { client } = await modernClient(t, asking(inputRequests));
      await assert.rejects(client.callTool({ name: 'x' }), { code, message });
    });
  }

  test('a malformed question is not shown to the user', async t => {
    const questions = [{}, { message: 'x' }, { message: 'x', mode: 'other' }, { message: 'x', mode: 'url' }];
    for (const params of questions) {
      const { client } = await modernClient(t, asking({ a: { method: 'elicitation/create', params } }), {
        elicit: () => assert.fail('asked'),
      });
      await assert.rejects(client.callTool({ name: 'x' }), { code: 'SLIP_SERVER_ASKS' });
    }
  });

  test('what the handler throws is what the call fails with; an abort does not wait for it', async t => {
    const thrown = new Error('own');
    const { client } = await modernClient(t, asking({ a: QUESTION }), { elicit: () => Promise.reject(thrown) });
    await assert.rejects(client.callTool({ name: 'x' }), error => error === thrown);
    const leaving = new AbortController();
    const slow = await modernClient(t, asking({ a: QUESTION }), {
      elicit: () => {
        leaving.abort(thrown);
        return new Promise(() => {});
      },
    });
    const calling = slow.client.callTool({ name: 'x' }, { signal: leaving.signal });
    await assert.rejects(calling, error => error === thrown);
  });
});

describe('questions of the older era', () => {
  test('what the handler throws is told to the server as a failure without its text, and here in full', async t => {
    const errors: string[] = [];
    const { client, transport } = await legacyClient(
      t,
      message => {
        if (message.id === 'q')
          return [
            result(
              transport.received.find(({ method }) => method === 'tools/call'),
              DONE,
            ),
          ];
        return [{ jsonrpc: '2.0', id: 'q', ...QUESTION }];
      },
      {
        elicit: () => {
          throw new Error('password=hunter2');
        },
        onerror: error => void errors.push(error.message),
      },
    );
    await client.callTool({ name: 'x' });
    const answer = transport.received.find(({ id }) => id === 'q');
    assert.equal(answer.error.code, -32603);
    assert.doesNotMatch(JSON.stringify(answer), /hunter2/);
    assert.deepEqual(errors, ['password=hunter2']);
  });

  test('one that the server takes back is not answered', async t => {
    let aborted = false;
    const { client, transport } = await legacyClient(t, () => [], {
      elicit: (_, signal) =>
        new Promise(resolve => {
          signal.addEventListener('abort', () => {
            aborted = true;
            resolve({ action: 'cancel' });
          });
        }),
    });
    transport.push({ jsonrpc: '2.0', id: 'q', ...QUESTION });
    transport.push({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'q' } });
    await new Promise(soon => setImmediate(soon));
    assert.equal(aborted, true);
    assert.equal(
      transport.received.some(({ id }) => id === 'q'),
      false,
    );
    transport.push({ jsonrpc: '2.0', id: 'p', method: 'ping' });
    await new Promise(soon => setImmediate(soon));
    assert.deepEqual(transport.received.at(-1), { jsonrpc: '2.0', id: 'p', result: {} });
    await client.close();
  });

  test('a page that has to be visited first (-32042) is shown, then the call is made again', async t => {
    const page = { mode: 'url', elicitationId: 'e1', url: 'https://example.com/', message: 'Sign in' };
    let calls = 0;
    const shown: unknown[] = [];
    const script: Script = message =>
      ++calls === 1 ? [failure(message, -32042, 'Visit', { elicitations: [page] })] : [result(message, DONE)];
    const { client } = await legacyClient(t, script, {
      elicit: params => {
        shown.push(params);
        return { action: 'accept' };
      },
    });
    await client.callTool({ name: 'x' });
    assert.deepEqual(shown, [page]);
    calls = 0;
    const refusing = await legacyClient(t, script, { elicit: () => ({ action: 'decline' }) });
    await assert.rejects(refusing.client.callTool({ name: 'x' }), { code: -32042 });
  });
});

describe('time', () => {
  test('that an answer of the user takes is not counted, in either era', async t => {
    const elicit: ClientOptions['elicit'] = async () => {
      await new Promise(later => setTimeout(later, 700));
      return { action: 'accept', content: {} };
    };
    const modern = await modernClient(
      t,
      message => {
        const answered = message.params.inputResponses !== undefined;
        const asks = { resultType: 'input_required', inputRequests: { a: QUESTION } };
        return [result(message, answered ? DONE : asks)];
      },
      { elicit },
    );
    const legacy = await legacyClient(
      t,
      message => {
        const call = legacy.transport.received.find(({ method }) => method === 'tools/call');
        return message.id === 'q' ? [result(call, DONE)] : [{ jsonrpc: '2.0', id: 'q', ...QUESTION }];
      },
      { elicit },
    );
    for (const { client } of [modern, legacy]) {
      assert.deepEqual((await client.callTool({ name: 'x' }, { timeout: 500 })).content, []);
    }
  });

  test('begins anew with progress where that is wanted, but not for ever', async t => {
    const progress = (token: unknown) => ({
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: token, progress: 1 },
    });
    const { client, transport } = await modernClient(t, () => []);
    const telling = setInterval(() => {
      const { id } = transport.received.findLast(({ method }) => method === 'tools/call') ?? {};
      transport.push(progress(id));
    }, 20);
    t.after(() => clearInterval(telling));
    const options = { timeout: 1_500, onprogress: () => {}, resetTimeoutOnProgress: true, maxTotalTimeout: 2_000 };
    const failed = await client.callTool({ name: 'x' }, options).catch((error: { details: object }) => error.details);
    assert.deepEqual(failed, { method: 'tools/call', ms: 2_000 });
    const plain = await client
      .callTool({ name: 'x' }, { timeout: 60, onprogress: () => {} })
      .catch(error => error.details);
    assert.deepEqual(plain, { method: 'tools/call', ms: 60 });
  });

  test('a call that is aborted before it begins is not sent', async t => {
    const { client, transport } = await modernClient(t, () => []);
    await assert.rejects(client.callTool({ name: 'x' }, { signal: AbortSignal.abort(new Error('no')) }), /^Error: no$/);
    assert.equal(transport.received.length, 1);
  });
});

test('notifications and what is no message reach those who want to know', async t => {
  const heard: string[] = [];
  const errors: string[] = [];
  const { transport } = await modernClient(t, () => [], {
    onnotification: ({ method }) => {
      heard.push(method);
      throw new Error('a listener that fails');
    },
    onerror: error => void errors.push(error.message),
  });
  transport.push({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
  transport.push({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 99, progress: 1 } });
  transport.push({ jsonrpc: '2.0', id: 99, result: {} });
  transport.push([{ jsonrpc: '2.0', method: 'notifications/x' }, 'nonsense']);
  assert.deepEqual(heard, ['notifications/tools/list_changed', 'notifications/x']);
  assert.deepEqual(
    errors.map(text => text.split(':')[0]),
    ['a listener that fails', 'a listener that fails', 'The server answers what is not MCP'],
  );
});
