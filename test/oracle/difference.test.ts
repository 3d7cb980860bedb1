import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { differences } from './difference.ts';
import type { Json } from './exchange.ts';
import type { Answer } from './replay.ts';

const RESULT: Json = { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: 'hi' }] } };
const ERROR: Json = { jsonrpc: '2.0', id: 1, error: { code: -32602, message: 'Tool x not found' } };

function answer(changes: Partial<Answer> = {}): Answer {
  return { status: 200, framing: 'json', headers: {}, messages: [RESULT], batch: false, ended: true, ...changes };
}

function fields(slipway: Answer, sdk: Answer = answer()): string[] {
  return differences(sdk, slipway).map(difference => difference.field);
}

describe('the comparison of two answers', () => {
  it('finds nothing in equal answers, whatever the order of members', () => {
    const reordered: Json = { result: { content: [{ text: 'hi', type: 'text' }] }, id: 1, jsonrpc: '2.0' };
    assert.deepEqual(fields(answer({ messages: [reordered] })), []);
  });

  it('finds a planted fault in every part of an answer', () => {
    assert.deepEqual(fields(answer({ status: 400 })), ['status']);
    assert.deepEqual(fields(answer({ framing: 'sse' })), ['framing']);
    assert.deepEqual(fields(answer({ batch: true })), ['batch']);
    assert.deepEqual(fields(answer({ ended: false })), ['ended']);
    assert.deepEqual(fields(answer({ headers: { allow: 'POST' } })), ['headers.allow']);
    assert.deepEqual(fields(answer({ messages: [] })), ['messages.0']);
    assert.deepEqual(fields(answer({ messages: [RESULT, RESULT] })), ['messages.1']);
  });

  it('finds a planted fault in any leaf of a message', () => {
    const changed: Json = { jsonrpc: '2.0', id: '1', result: { content: [{ type: 'text', text: 'ho' }], extra: null } };
    assert.deepEqual(fields(answer({ messages: [changed] })), [
      'messages.0.id',
      'messages.0.result.content.0.text',
      'messages.0.result.extra',
    ]);
  });

  it('tells an empty object from an empty array, and from nothing', () => {
    const empty = (value: Json) => answer({ messages: [{ value }] });
    assert.deepEqual(fields(empty([]), empty({})), ['messages.0.value']);
    assert.deepEqual(fields(answer({ messages: [{}] }), empty({})), ['messages.0.value']);
    assert.deepEqual(fields(empty({}), empty({})), []);
  });

  it('leaves the wording of a library free, and that of a handler not', () => {
    const worded = (message: string) =>
      answer({ messages: [{ jsonrpc: '2.0', id: 1, error: { code: -32602, message } }] });
    assert.deepEqual(fields(worded('No tool has the name x.'), answer({ messages: [ERROR] })), []);
    assert.deepEqual(fields(worded(''), answer({ messages: [ERROR] })), ['messages.0.error.message']);
    assert.deepEqual(fields(worded('Internal error'), worded('oracle: refused')), ['messages.0.error.message']);
  });
});
