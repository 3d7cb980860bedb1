import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type Message, StdioProcess, started, textOf } from './stdio-process.ts';

const PING = '{"jsonrpc":"2.0","id":"after","method":"ping"}\n';
const ping = (id: string) => PING.replace('after', id);

/** What the line is answered with; the next good line has to be served all the same. */
async function answersTo(server: StdioProcess, line: string | Uint8Array): Promise<Message[]> {
  const before = server.messages.length;
  const id = `after ${before}`;
  server.write(line);
  server.write(ping(id));
  await server.message(message => message.id === id);
  return server.messages
    .slice(before)
    .flat()
    .filter(message => message.id !== id);
}

describe('lines that are no messages', () => {
  // One process for all of them: none may keep it from the next.
  const server = new StdioProcess();
  after(() => server[Symbol.asyncDispose]());

  const PARSE_ERRORS: Record<string, string | Uint8Array> = {
    'no JSON': 'hello\n',
    'half a message': '{"jsonrpc":"2.0","id":1,\n',
    'invalid UTF-8': Buffer.from('{"jsonrpc":"2.0","id":1,"method":"\xff\xfe"}\n', 'latin1'),
    'half a character': Buffer.concat([Buffer.from('"🚢').subarray(0, 3), Buffer.from('"\n')]),
    'a null byte': '\0\n',
  };
  for (const [name, line] of Object.entries(PARSE_ERRORS)) {
    test(`${name} is -32700 with a null id`, async () => {
      const [answer, ...others] = await answersTo(server, line);
      assert.equal(others.length, 0);
      assert.equal(answer?.id, null);
      assert.equal(answer?.error?.code, -32700);
    });
  }

  const INVALID: Record<string, [line: string, id: string | number | null]> = {
    'a number': ['1\n', null],
    'an object': ['{"a":1}\n', null],
    'a null id': ['{"jsonrpc":"2.0","id":null,"method":"ping"}\n', null],
    'a fractional id': ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}\n', null],
    'another version': ['{"jsonrpc":"1.0","id":7,"method":"ping"}\n', 7],
    'params that are no object': ['{"jsonrpc":"2.0","id":"p","method":"ping","params":[1]}\n', 'p'],
    'an empty batch': ['[]\n', null],
    'a batch with a number in it': ['[{"jsonrpc":"2.0","id":1,"method":"ping"},1]\n', null],
    'a batch with initialize in it': ['[{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}]\n', null],
  };
  for (const [name, [line, id]] of Object.entries(INVALID)) {
    test(`${name} is -32600 with ${id === null ? 'a null id' : 'its id'}`, async () => {
      const [answer, ...others] = await answersTo(server, line);
      assert.equal(others.length, 0);
      assert.equal(answer?.id, id);
      assert.equal(answer?.error?.code, -32600);
    });
  }

  test('broken responses and notifications are never answered', async () => {
    const lines = [
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}',
      '{"jsonrpc":"2.0","id":1,"result":null}',
      '{"jsonrpc":"2.0","id":99,"result":{}}',
      '{"jsonrpc":"2.0","method":"notifications/nobody-knows"}',
      '{"jsonrpc":"2.0","method":"notifications/initialized","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":7}}}',
    ];
    assert.deepEqual(await answersTo(server, `${lines.join('\n')}\n`), []);
  });

  test('blank lines and carriage returns are nothing', async () => {
    assert.deepEqual(await answersTo(server, '\n\r\n  \t\n'), []);
  });

  test('a line that is too long is skipped and answered by code', async () => {
    const [answer, ...others] = await answersTo(server, `{"jsonrpc":"2.0","id":1,"x":"${'y'.repeat(5_000_000)}"}\n`);
    assert.equal(others.length, 0);
    assert.equal(answer?.id, null);
    assert.equal(answer?.error?.data?.code, 'SLIP_BODY_TOO_LARGE');
    assert.match(answer?.error?.message ?? '', /4194304 bytes/);
  });

  test('a line that nests too deep is answered by code', async () => {
    const [answer] = await answersTo(server, `${'['.repeat(300)}${']'.repeat(300)}\n`);
    assert.equal(answer?.error?.data?.code, 'SLIP_JSON_TOO_DEEP');
  });
});

describe('lines that are messages', { concurrency: 2 }, () => {
  test('a long one that is not too long arrives whole, and so does its answer', async t => {
    const server = started(t);
    const text = 'grüße 🚢 '.repeat(200_000);
    assert.equal(textOf(await server.ask('tools/call', { name: 'echo', arguments: { text } })), text);
  });

  test('byte by byte, with CRLF, behind a byte order mark', async t => {
    const server = started(t);
    for (const byte of Buffer.from(`\uFEFF{"jsonrpc":"2.0","id":"ü","method":"ping"}\r\n`)) {
      server.write(Buffer.from([byte]));
      await new Promise(resolve => setImmediate(resolve));
    }
    assert.deepEqual((await server.message(({ id }) => id === 'ü')).result, {});
  });

  test('the last line may lack its line feed', async t => {
    const server = started(t);
    server.hangUp(PING.trim());
    const { code } = await server.ended();
    assert.equal(code, 0);
    assert.deepEqual(server.messages, [{ jsonrpc: '2.0', id: 'after', result: {} }]);
  });

  test('what is not finished at the end is answered as broken', async t => {
    const server = started(t);
    server.hangUp('{"jsonrpc":');
    await server.ended();
    assert.equal((server.messages[0] as Message).error?.code, -32700);
  });

  test('a thousand at once are answered once each', async t => {
    const server = started(t);
    const ids = Array.from({ length: 1000 }, (_, index) => `n${index}`);
    server.hangUp(ids.map(id => `{"jsonrpc":"2.0","id":"${id}","method":"ping"}\n`).join(''));
    await server.ended();
    assert.deepEqual(server.messages.map(message => (message as Message).id).sort(), ids.sort());
  });
});

describe('batches', { concurrency: 2 }, () => {
  const batch = (...messages: object[]) =>
    `${JSON.stringify(messages.map(message => ({ jsonrpc: '2.0', ...message })))}\n`;
  const echo = (id: string) => ({ id, method: 'tools/call', params: { name: 'echo', arguments: { text: id } } });

  test('of 2025-03-26 are answered with one array, without notifications', async t => {
    const server = started(t);
    await server.initialize('2025-03-26');
    server.write(batch(echo('a'), { method: 'notifications/nothing' }, { id: 'b', method: 'no/such' }, echo('c')));
    await server.message(({ id }) => id === 'a');
    const answer = server.messages.at(-1) as Message[];
    assert.deepEqual(
      answer.map(({ id, result, error }) => [id, result === undefined ? error?.code : textOf({ result })]),
      [
        ['a', 'a'],
        ['b', -32601],
        ['c', 'c'],
      ],
    );
  });

  test('before a handshake count as 2025-03-26', async t => {
    const server = started(t);
    server.write(batch(echo('a')));
    assert.equal(((await server.next()) as Message[]).length, 1);
  });

  test('of notifications alone are not answered', async t => {
    assert.deepEqual(await answersTo(started(t), batch({ method: 'notifications/nothing' })), []);
  });

  test('leave out what was cancelled', async t => {
    const server = started(t);
    const wait = { id: 'w', method: 'tools/call', params: { name: 'wait' } };
    server.write(batch(wait, echo('a'), { method: 'notifications/cancelled', params: { requestId: 'w' } }));
    assert.deepEqual(
      ((await server.next()) as Message[]).map(({ id }) => id),
      ['a'],
    );
  });

  test('of later revisions are refused', async t => {
    const server = started(t);
    await server.initialize('2025-11-25');
    server.write(batch(echo('a')));
    const refusal = await server.message(({ id }) => id === null);
    assert.equal(refusal.error?.code, -32600);
    assert.match(refusal.error?.message ?? '', /2025-11-25 has no batches/);
  });

  test('of too many messages are refused', async t => {
    const [answer] = await answersTo(
      started(t),
      batch(...Array.from({ length: 1001 }, (_, id) => ({ id, method: 'ping' }))),
    );
    assert.equal(answer?.error?.code, -32600);
  });
});
