import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { boundedText, isSecretMember, isSecretName, pathOf, redactText } from '../../src/host/sight/redaction.ts';

/** Never whole in the source, so that no scanner takes this file for a leak. */
const part = (...parts: string[]): string => parts.join('');

const RANDOM = 'h4Xq9ZpL2mWv7KtR8sYb';
const SECRETS: readonly (readonly [what: string, text: string, secret: string])[] = [
  ['bearer token', `Authorization: Bearer ${RANDOM}`, RANDOM],
  ['bearer token in prose', `sent bearer ${RANDOM} upstream`, RANDOM],
  ['basic credentials', 'header was Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  ['cookies, all of them', 'cookie: a=first; session=second-one', 'second-one'],
  ['cookies in JSON', '{"Cookie":"a=first; b=second-one","x":1}', 'second-one'],
  ['session id header', `mcp-session-id: ${RANDOM}`, RANDOM],
  ['JWT', part('got eyJ', 'hbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxIn0.', 'c2lnbmF0dXJl'), 'c2lnbmF0dXJl'],
  ['API key by its make', part('key sk', '-proj-', RANDOM, ' refused'), RANDOM],
  ['source host token', part('remote: gh', 'p_', RANDOM, 'AB12'), RANDOM],
  ['cloud key id', part('AK', 'IA', 'ABCDEFGHIJKLMNOP', ' is not allowed'), 'ABCDEFGHIJKLMNOP'],
  ['chat token', part('xo', 'xb-', '1234567890-', RANDOM), RANDOM],
  ['private key', part('-----BEGIN ', 'PRIVATE KEY-----\nMIIB', RANDOM, '\n-----END ', 'PRIVATE KEY-----'), RANDOM],
  ['private key without its end', part('-----BEGIN ', 'RSA PRIVATE KEY-----\nMIIB', RANDOM), RANDOM],
  ['password of a database', 'connect postgres://app:hun/ter2@db.internal:5432/app failed', 'ter2'],
  ['user of a URL', 'GET https://bob:hunter2@api.example.com/v1 failed', 'hunter2'],
  ['query of a URL', 'GET https://api.example.com/v1?access=hunter2&x=1 failed', 'hunter2'],
  ['fragment of a URL', 'back at https://app.example.com/cb#id=hunter2', 'hunter2'],
  ['assignment', 'password=hunter2 is wrong', 'hunter2'],
  ['assignment behind another', 'Error: cause=password=hunter2', 'hunter2'],
  ['assignment with a colon', 'api_key: hunter2', 'hunter2'],
  ['assignment in JSON', '{"clientSecret": "hunter 2", "a": 1}', 'hunter 2'],
  ['assignment in quotes', "db.password = 'hunter 2'", 'hunter 2'],
  ['environment variable', 'GITHUB_TOKEN=hunter2 npm publish', 'hunter2'],
  ['long random run', `value ${RANDOM}${RANDOM} is unknown`, RANDOM],
  ['base64 with padding', 'key q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEg== bad', 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEg'],
  ['hexadecimal of 32 bytes', `key ${'0123456789abcdef'.repeat(4)} bad`, '0123456789abcdef'],
];

const KEPT: readonly string[] = [
  'connect ECONNREFUSED 10.0.0.5:5432',
  'the dialect http://json-schema.org/draft-07/schema# is old',
  'GET https://api.example.com/v1/users/12 failed with 404',
  '    at Object.run (/srv/app/node_modules/@scope/package-name/dist/index.js:10:15)',
  '    at async file:///srv/app/src/server.ts?v=2:10:15',
  'Basic authentication is not supported, bearer tokens are',
  'commit 16e6c4f0a1b2c3d4e5f60718293a4b5c6d7e8f90 is deployed',
  'trace 4bf92f3577b34da6a3ce929d0e0e4736',
  'id 123e4567-e89b-12d3-a456-426614174000 not found',
  'max_tokens=4096 input_tokens: 1200',
  'MODULE_NOT_FOUND: /srv/app/some/long/path/with/many/segments/in/it/file.json',
  'SLIP_INVALID_OPTION: The option port has a value that is not allowed',
  'wait until 2026-09-01T12:00:00.000Z',
];

describe('text', () => {
  for (const [what, text, secret] of SECRETS) {
    test(`loses its ${what}`, () => {
      assert.ok(text.includes(secret), 'the secret is there before');
      const clean = redactText(text);
      assert.ok(!clean.includes(secret), clean);
      assert.match(clean, /\[redacted\]/);
    });
  }

  for (const text of KEPT) {
    test(`stays: ${text.trim()}`, () => assert.equal(redactText(text), text));
  }

  test('keeps host and path of a URL that loses the rest', () => {
    assert.equal(
      redactText('to https://u:p@host.example/a/b?q=1#f now'),
      'to https://[redacted]@host.example/a/b?[redacted] now',
    );
  });

  test('of every bad make is done within linear time', () => {
    const parts = [
      'a=',
      '"a":"',
      'eyJ',
      '://',
      'x://@',
      '-----BEGIN A-----',
      'A+/',
      'Bearer ',
      'a/',
      'cookie:',
      ' ',
      'token="',
    ];
    for (const one of parts) {
      const start = performance.now();
      redactText(one.repeat(Math.ceil(8192 / one.length)));
      redactText(`${one}${'a/'.repeat(4096)}`);
      assert.ok(performance.now() - start < 1_000, `${JSON.stringify(one)} takes ${performance.now() - start} ms`);
    }
  });
});

describe('names', () => {
  const secret = ['Authorization', 'proxy-authorization', 'Set-Cookie', 'x-api-key', 'apiKey', 'API_KEY', 'password'];
  secret.push(
    'userPassword',
    'db.passwd',
    'client_secret',
    'access_token',
    'refreshToken',
    'ID_TOKEN',
    'tokens',
    'sid',
  );
  secret.push(
    'Mcp-Session-Id',
    'sessionId',
    'private_key',
    'AWS_SECRET_ACCESS_KEY',
    'credentials',
    'pin',
    'x-amz-security-token',
  );
  for (const name of secret) test(`${name} is one of a secret`, () => assert.ok(isSecretName(name)));

  const plain = [
    'name',
    'path',
    'author',
    'tokenizer',
    'progressToken',
    'max_tokens',
    'authorizationServers',
    'key',
    'spin',
  ];
  for (const name of plain) test(`${name} is none`, () => assert.ok(!isSecretName(name)));

  test('the arguments of a call are left out, counts and flags are not', () => {
    assert.ok(isSecretMember('arguments', { a: 1 }));
    assert.ok(isSecretMember('token', 'x'));
    assert.ok(isSecretMember('pin', 1234));
    assert.ok(!isSecretMember('outputTokens', 12));
    assert.ok(!isSecretMember('password', true));
    assert.ok(!isSecretMember('password', undefined));
  });
});

describe('what a stranger sends', () => {
  test('loses its query, length and control characters', () => {
    assert.equal(pathOf('/mcp?token=abc'), '/mcp');
    assert.equal(pathOf(`/${'x/'.repeat(250)}`).length, 201);
    assert.equal(boundedText('a\u001b[31mb\r\nc\u202ed', 20), 'a\ufffd[31mb\ufffd\ufffdc\ufffdd');
  });

  test('is redacted before it is cut: no half of a token is left', () => {
    const text = `${'x '.repeat(25)}${RANDOM}${RANDOM}`;
    assert.ok(!boundedText(text, 60).includes(RANDOM.slice(0, 8)));
  });
});
