import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptsEventStream } from '../../src/transport/http/accept.ts';

test('a stream may answer whoever names it, covers it or names nothing', () => {
  for (const accept of [
    undefined,
    '',
    ' ',
    '*/*',
    'text/*',
    'text/event-stream',
    'TEXT/Event-Stream',
    'application/json, text/event-stream',
    'text/event-stream,application/json',
    'application/json;q=1 , text/event-stream;q=0.1',
    'text/event-stream;charset=utf-8',
    'application/json, */*;q=0.1',
    'text/*;q=0, text/event-stream',
    'text/event-stream;q=',
    'text/event-stream;q=nonsense',
  ]) {
    assert.equal(acceptsEventStream(accept), true, String(accept));
  }
});

test('a stream never answers an Accept that leaves it out or weighs it 0', () => {
  for (const accept of [
    'application/json',
    'application/json; charset=utf-8',
    'application/*',
    'text/plain',
    'application/json, text/html',
    'text/event-stream;q=0',
    'text/event-stream; Q=0.000',
    'text/event-stream;q=0, */*',
    'text/*;q=0, */*',
    '*/*;q=0',
    ',',
    'text/event-streams',
  ]) {
    assert.equal(acceptsEventStream(accept), false, String(accept));
  }
});
