import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertCompleteRequestPrompt,
  assertCompleteRequestResourceTemplate,
  type CompleteRequest,
} from '../../src/protocol/completion.ts';

function complete(ref: CompleteRequest['params']['ref']): CompleteRequest {
  return { method: 'completion/complete', params: { ref, argument: { name: 'a', value: '' } } };
}

test('a completion request is told by what it refers to', () => {
  const prompt = complete({ type: 'ref/prompt', name: 'p' });
  const template = complete({ type: 'ref/resource', uri: 'u' });
  assert.doesNotThrow(() => assertCompleteRequestPrompt(prompt));
  assert.doesNotThrow(() => assertCompleteRequestResourceTemplate(template));
  assert.throws(() => assertCompleteRequestPrompt(template), TypeError);
  assert.throws(() => assertCompleteRequestResourceTemplate(prompt), TypeError);
});
