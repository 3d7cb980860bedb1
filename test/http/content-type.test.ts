import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJsonContentType as sdkIsJsonContentType } from '@modelcontextprotocol/server';
import { acceptsBody, isJsonContentType } from '../../src/transport/http/media-type.ts';

const JSON_TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'Application/JSON',
  ' application/json ',
  'application/json;',
  'application/json; charset=',
  'application/json; profile="a,b"',
  'application/json; profile="a\\",b"',
];
const OTHER_TYPES = [
  'text/plain',
  'text/plain; a=application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/jsonx',
  'application/json, text/plain',
  'application/json; a=b, text/plain',
  'application/json/x',
  'json',
  '/',
  ';',
];

test('application/json is read, with any parameters', () => {
  for (const type of JSON_TYPES) assert.equal(acceptsBody(type), true, type);
});

test('a missing or empty Content-Type is read as JSON', () => {
  assert.equal(acceptsBody(undefined), true);
  assert.equal(acceptsBody(''), true);
});

test('types with the suffix +json are read, of application only', () => {
  assert.equal(acceptsBody('application/vnd.api+json; version=1'), true);
  assert.equal(acceptsBody('image/svg+json'), false);
  assert.equal(acceptsBody('application/json+xml'), false);
});

test('what a page can send without a preflight is not read', () => {
  for (const type of OTHER_TYPES) assert.equal(acceptsBody(type), false, type);
});

test('isJsonContentType answers like the official one', () => {
  const given = [...JSON_TYPES, ...OTHER_TYPES, '', undefined, null, 'application/vnd.api+json', 'application /json'];
  const answers = given.map(isJsonContentType);
  assert.deepEqual(answers, given.map(sdkIsJsonContentType));
  assert.ok(answers.includes(true) && answers.includes(false));
});

test('a header full of quotes is read in no time', () => {
  const started = performance.now();
  assert.equal(acceptsBody(`application/json; a="${'\\"'.repeat(100_000)}`), true);
  assert.ok(performance.now() - started < 500);
});
