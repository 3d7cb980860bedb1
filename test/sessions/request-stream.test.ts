import assert from 'node:assert/strict';
import { fromJsonSchema, McpServer } from 'slipway';
import { answerIn } from '../support/mcp-post.ts';
import { messagesIn, SentEvents } from '../support/sent-events.ts';
import { eventually } from '../support/serving.ts';
import { refusalOf, SessionClient } from '../support/session-client.ts';
import { onEachDriver, SECRET } from '../support/state-place.ts';

interface Counting {
  readonly server: McpServer;
  /** Calls that were cancelled. */
  cancelled: number;
  finished: number;
  /** Lets the next step of all calls happen. */
  /** Calls that wait for that. */
  readonly waiting: number;
  step(): void;
}

/** Tools that count aloud: `count` in one go, `step` one number at a time. */
function counting(): Counting {
  const server = new McpServer(
    { name: 'counting', version: '1.0.0' },
    { secrets: [SECRET], capabilities: { logging: {} } },
  );
  let waiting: (() => void)[] = [];
  const made: Counting = {
    server,
    cancelled: 0,
    finished: 0,
    get waiting() {
      return waiting.length;
    },
    step() {
      const now = waiting;
      waiting = [];
      for (const go of now) go();
    },
  };
  const inputSchema = fromJsonSchema<{ to: number; name?: string }>({
    type: 'object',
    properties: { to: { type: 'number' }, name: { type: 'string' } },
  });
  for (const name of ['count', 'step']) {
    server.registerTool(name, { inputSchema }, async (args, ctx) => {
      ctx.mcpReq.signal.addEventListener('abort', () => made.cancelled++);
      for (let n = 0; n < args.to; n++) {
        if (name === 'step' && n > 0) await new Promise<void>(resolve => waiting.push(resolve));
        await ctx.mcpReq.log('info', `${args.name ?? ''}${n}`);
      }
      if (name === 'step') await new Promise<void>(resolve => waiting.push(resolve));
      made.finished++;
      return `counted to ${args.to}`;
    });
  }
  return made;
}

const texts = (events: Parameters<typeof messagesIn>[0]) =>
  messagesIn(events).map(({ params, result }) => params?.data ?? result.content[0].text);

for (const version of ['2025-03-26', '2025-06-18', '2025-11-25']) {
  onEachDriver(`${version}: every event of a call has an id of its own`, async (_t, place) => {
    const { url } = await place.serve(counting().server, { retryMs: 222 });
    const client = await SessionClient.begin(url, { version });
    const events = await (await client.stream('count', { to: 3 })).rest();
    assert.deepEqual(texts(events), ['0', '1', '2', 'counted to 3']);
    const primes = version === '2025-11-25';
    assert.equal(events.length, primes ? 5 : 4);
    if (primes) assert.deepEqual([events[0]?.data, events[0]?.retry], ['', 222]);
    assert.equal(new Set(events.map(({ id }) => id)).size, events.length);
    for (const { id } of events) assert.match(id ?? '', /^[\x21-\x7e]+$/);
  });
}

onEachDriver('after any event, the rest of the stream is exactly what came after it', async (_t, place) => {
  const { url } = await place.serve(counting().server);
  const client = await SessionClient.begin(url);
  const events = await (await client.stream('count', { to: 6 })).rest();
  for (const [index, { id }] of events.entries()) {
    const response = await client.get({ 'last-event-id': id! });
    if (index === events.length - 1) {
      // Nothing is left: an event source that hears 204 does not come back.
      assert.equal(response.status, 204);
      assert.equal(await response.text(), '');
    } else {
      const rest = await new SentEvents(response).rest();
      assert.deepEqual(rest, events.slice(index + 1), `after event ${index}`);
    }
  }
});

onEachDriver(
  'a connection cut in the middle cancels nothing; what follows arrives where the client comes back',
  async (_t, place) => {
    const made = counting();
    const { url } = await place.serve(made.server);
    const client = await SessionClient.begin(url);
    let stream = await client.stream('step', { to: 6 }, { id: 'cut' });
    const seen: string[] = [];
    for (let n = 0; n < 6; n++) {
      seen.push((await stream.message()).params.data);
      if (n % 2 === 0) {
        await stream.cut();
        made.step();
        stream = await client.open(stream.lastId);
      } else {
        await stream.cut();
        stream = await client.open(stream.lastId);
        made.step();
      }
    }
    const answer = await stream.message();
    assert.equal(answer.result.content[0].text, 'counted to 6');
    assert.equal(answer.id, 'cut');
    assert.deepEqual(seen, ['0', '1', '2', '3', '4', '5']);
    assert.deepEqual([made.cancelled, made.finished], [0, 1]);
    assert.equal(await stream.next(), undefined, 'the stream ends after the response');
  },
);

onEachDriver('who comes back twice reads on the newer connection; the older one is ended', async (_t, place) => {
  const made = counting();
  const { url } = await place.serve(made.server);
  const client = await SessionClient.begin(url);
  const original = await client.stream('step', { to: 2 });
  await original.message();
  const id = original.lastId!;
  const first = await client.open(id);
  assert.deepEqual(messagesIn(await original.rest()), [], 'one message goes to one connection');
  const second = await client.open(id);
  made.step();
  assert.equal((await second.message()).params.data, '1');
  assert.deepEqual(messagesIn(await first.rest()), []);
  made.step();
  assert.deepEqual(texts(await second.rest()), ['counted to 2']);
});

onEachDriver('calls at the same time do not mix, nor do their replays', async (_t, place) => {
  const made = counting();
  const { url } = await place.serve(made.server);
  const clients = [await SessionClient.begin(url), await SessionClient.begin(url)];
  const calls = await Promise.all(
    [0, 1, 2, 3].map(async n => {
      // The sessions use the same ids.
      const client = clients[n % 2]!;
      return { client, name: `${n}:`, stream: await client.stream('step', { to: 3, name: `${n}:` }, { id: n >> 1 }) };
    }),
  );
  const cut: string[] = [];
  for (const { stream, name } of calls) {
    assert.equal((await stream.message()).params.data, `${name}0`);
    cut.push(stream.lastId!);
    if (name < '2') await stream.cut();
  }
  for (let n = 0; n < 3; n++) {
    await eventually(() => made.waiting === calls.length);
    made.step();
  }
  for (const [n, { client, name, stream }] of calls.entries()) {
    const events = await (name < '2' ? await client.open(cut[n]) : stream).rest();
    assert.deepEqual(texts(events), [`${name}1`, `${name}2`, 'counted to 3']);
    assert.equal(messagesIn(events).at(-1).id, n >> 1);
  }
  // The same place in a stream of another session is none of this one's.
  assert.deepEqual(await refusalOf(await clients[0]!.get({ 'last-event-id': cut[1]! })), [400, 'SLIP_EVENT_UNKNOWN']);
});

onEachDriver(
  'what is no longer kept ends with an error for the request, so that nobody waits for it',
  async (_t, place) => {
    const { url } = await place.serve(counting().server, {}, { maxEventsPerStream: 5 });
    const client = await SessionClient.begin(url);
    const stream = await client.stream('count', { to: 20 }, { id: 'trimmed' });
    const events = await stream.rest();
    assert.equal(messagesIn(events).length, 21, 'who reads along gets all of it');
    const resumed = await (await client.open(events[2]?.id)).rest();
    const messages = messagesIn(resumed);
    assert.equal(messages.length, 1);
    assert.equal(messages[0].id, 'trimmed');
    assert.equal(messages[0].error.code, -32603);
    assert.equal(messages[0].error.data.code, 'SLIP_EVENTS_TRIMMED');
    // The client comes back with the id of that, as v1 of the official one does after an error.
    assert.equal((await client.get({ 'last-event-id': resumed.at(-1)!.id! })).status, 204);
    assert.deepEqual(texts(await (await client.open(events.at(-3)?.id)).rest()), ['19', 'counted to 20']);
  },
);

onEachDriver('an answer without a stream before it is JSON, and nothing is kept', async (_t, place) => {
  const { url } = await place.serve(counting().server);
  const client = await SessionClient.begin(url);
  const response = await client.send('tools/list');
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.equal((await answerIn(response)).result.tools.length, 2);
});

onEachDriver(
  "responseMode 'json' tells nothing before the answer; 'sse' always answers with a stream",
  async (_t, place) => {
    const json = await place.serve(counting().server, { responseMode: 'json' });
    const sse = await place.serve(counting().server, { responseMode: 'sse' });
    const one = await (await SessionClient.begin(json.url)).send('tools/call', { name: 'count', arguments: { to: 2 } });
    assert.equal(one.headers.get('content-type'), 'application/json');
    assert.equal((await answerIn(one)).result.content[0].text, 'counted to 2');
    const client = await SessionClient.begin(sse.url);
    assert.deepEqual(texts(await (await client.stream('count', { to: 2 })).rest()), ['0', '1', 'counted to 2']);
    const listed = await client.send('tools/list');
    assert.equal(listed.headers.get('content-type'), 'text/event-stream');
    assert.equal((await answerIn(listed)).result.tools.length, 2);
    const noStream = await client.send('tools/list', {}, { headers: { accept: 'application/json' } });
    assert.equal(noStream.headers.get('content-type'), 'application/json');
    await noStream.text();
  },
);

onEachDriver('a batch of 2025-03-26 has one stream for all of it, which resumes like any other', async (_t, place) => {
  const { url } = await place.serve(counting().server);
  const client = await SessionClient.begin(url, { version: '2025-03-26' });
  const call = (id: number, to: number, name: string) => ({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'count', arguments: { to, name } },
  });
  const batch = [call(1, 2, 'a'), { jsonrpc: '2.0', method: 'notifications/x' }, call(2, 3, 'b')];
  const stream = new SentEvents(await client.post(JSON.stringify(batch)));
  const events = await stream.rest();
  const all = messagesIn(events);
  assert.deepEqual(
    all
      .filter(({ id }) => id !== undefined)
      .map(({ id }) => id)
      .toSorted(),
    [1, 2],
  );
  assert.equal(all.filter(({ params }) => params).length, 5);
  assert.deepEqual(await (await client.open(events[1]?.id)).rest(), events.slice(2));
});

onEachDriver('progress goes to the stream of its call', async (_t, place) => {
  const { server } = counting();
  server.registerTool('progress', {}, async ctx => {
    await ctx.mcpReq.progress(1, 2, 'half');
    await ctx.mcpReq.progress(2, 2);
    return 'done';
  });
  const { url } = await place.serve(server);
  const client = await SessionClient.begin(url);
  const messages = await (await client.stream('progress', {}, { meta: { progressToken: 'p' } })).messages();
  assert.deepEqual(
    messages.slice(0, 2).map(({ method, params }) => [method, params]),
    [
      ['notifications/progress', { progressToken: 'p', progress: 1, total: 2, message: 'half' }],
      ['notifications/progress', { progressToken: 'p', progress: 2, total: 2 }],
    ],
  );
});

onEachDriver(
  'who comes back at another process reads on there, and there alone',
  async (_t, place) => {
    const made = counting();
    const one = await place.serve(made.server);
    const other = await place.serve(counting().server);
    const client = await SessionClient.begin(one.url);
    const original = await client.stream('step', { to: 3 });
    await original.message();
    const first = await client.at(other.url).open(original.lastId);
    assert.deepEqual(messagesIn(await original.rest()), [], 'the connection before is ended');
    made.step();
    assert.equal((await first.message()).params.data, '1');
    const second = await client.open(first.lastId);
    assert.deepEqual(messagesIn(await first.rest()), [], 'also where it was not the original one');
    made.step();
    assert.equal((await second.message()).params.data, '2');
    made.step();
    assert.deepEqual(texts(await second.rest()), ['counted to 3']);
  },
  ['sqlite'],
);
