import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logFields, redactedCopy } from '../../src/host/sight/log-fields.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into copies of every shape
const copyOf = (value: unknown): any => redactedCopy(value);

test('anything becomes something that JSON can write', () => {
  const value: Record<string, unknown> = {
    bigint: 10n,
    symbol: Symbol('s'),
    call: () => 1,
    nan: Number.NaN,
    date: new Date(0),
    never: new Date(Number.NaN),
    url: new URL('https://u:p@example.com/a?b=c'),
    map: new Map([['a', 1]]),
    set: new Set([1]),
    bytes: new Uint8Array(3),
    nothing: null,
    bare: Object.assign(Object.create(null), { a: 1 }),
  };
  value['self'] = value;
  Object.defineProperty(value, 'broken', {
    enumerable: true,
    get() {
      throw new Error('getter');
    },
  });
  value['proxy'] = new Proxy(
    {},
    {
      ownKeys() {
        throw new Error('trap');
      },
    },
  );
  value['json'] = {
    toJSON() {
      throw new Error('toJSON');
    },
  };
  assert.deepEqual(JSON.parse(JSON.stringify(copyOf(value))), {
    bigint: '10',
    symbol: '[symbol]',
    call: '[function]',
    nan: 'NaN',
    date: '1970-01-01T00:00:00.000Z',
    never: 'Invalid Date',
    url: 'https://[redacted]@example.com/a?[redacted]',
    map: { a: 1 },
    set: [1],
    bytes: '[3 bytes]',
    nothing: null,
    bare: { a: 1 },
    self: '[seen above]',
    broken: '[not readable]',
    proxy: '[not readable]',
    json: '[not readable]',
  });
});

test('an error brings its stack, its causes, the errors in it, and its codes; nothing else that hangs on it', () => {
  const root = Object.assign(new TypeError('root'), { code: 'ECONNREFUSED', request: { headers: { cookie: 'a=b' } } });
  const copy = copyOf({ error: new Error('outer', { cause: new AggregateError([root], 'many') }) }).error;
  assert.equal(copy.message, 'outer');
  assert.match(copy.stack, /log-fields\.test/);
  assert.equal(copy.cause.errors[0].name, 'TypeError');
  assert.equal(copy.cause.errors[0].code, 'ECONNREFUSED');
  assert.equal(copy.cause.errors[0].request, undefined);
});

test('a chain of causes that bites its tail, and a long one, end', () => {
  const cycle = new Error('cycle');
  cycle.cause = new Error('inner', { cause: cycle });
  assert.equal(copyOf(cycle).cause.cause, '[more causes]');
  let long = new Error('0');
  for (let at = 1; at < 50; at++) long = new Error(String(at), { cause: long });
  assert.ok(JSON.stringify(copyOf(long)).length < 50_000);
});

test('an error whose members throw is still told', () => {
  const error = new Error('kept');
  Object.defineProperty(error, 'message', {
    get() {
      throw new Error('getter');
    },
  });
  assert.equal(copyOf({ error }).error, '[not readable]');
});

test('secrets go wherever they stand: members, headers, raw headers, pairs, maps, texts', () => {
  const secret = 'hunter2';
  const headers = new Headers({ authorization: secret, accept: '*/*' });
  const fields = {
    token: secret,
    nested: [{ DB_PASSWORD: secret }],
    headers,
    rawHeaders: ['Accept', '*/*', 'X-Api-Key', secret],
    pairs: [['cookie', secret]],
    archive: [{ name: 'Authorization', value: secret }],
    map: new Map([['client_secret', secret]]),
    params: { name: 'tool', arguments: { diagnosis: secret } },
    text: `password=${secret}`,
    error: new Error(`password=${secret}`, { cause: new Error('inner', { cause: { token: secret } }) }),
  };
  assert.ok(!JSON.stringify(copyOf(fields)).includes(secret), JSON.stringify(copyOf(fields)));
  assert.equal(copyOf(fields).headers.accept, '*/*');
  assert.equal(copyOf(fields).params.name, 'tool');
  assert.ok(JSON.stringify(copyOf({ harmless: secret })).includes(secret), 'the control: what is no secret stays');
});

test('what is large is cut', () => {
  const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`member${at}`, 'word '.repeat(100)]));
  const text = JSON.stringify(copyOf({ wide, long: 'word '.repeat(100_000), many: Array(10_000).fill(0) }));
  assert.ok(text.length < 100_000, String(text.length));
  assert.match(text, /\[cut\]/);
  let deep: object = {};
  for (let at = 0; at < 5_000; at++) deep = { deep };
  assert.match(JSON.stringify(copyOf(deep)), /\[too deep\]/);
});

test('a text is not cut within a token', () => {
  const token = 'Ab1'.repeat(20);
  const copy = redactedCopy(`${'x '.repeat(20)}${token}`, { textChars: 60 });
  assert.ok(!String(copy).includes('Ab1'), String(copy));
});

test('fields of an event: an error alone, a text, names that a line has itself', () => {
  assert.equal((logFields(new Error('x'))['error'] as Error).message, 'x');
  assert.deepEqual(logFields(undefined), {});
  assert.deepEqual(logFields(['a']), { value: ['a'] });
  assert.deepEqual(logFields({ level: 1, time: 2, msg: 3, pid: 4, a: 5 }), {
    a: 5,
    level_: 1,
    time_: 2,
    msg_: 3,
    pid_: 4,
  });
});
