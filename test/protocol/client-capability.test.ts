import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientCapabilities } from '../../src/protocol/capability.ts';
import { missingCapabilities, requiredCapabilityOf } from '../../src/protocol/client-capability.ts';
import type { InputRequest } from '../../src/protocol/input-required.ts';

const request = (method: string, params?: object): InputRequest => ({ method, params }) as InputRequest;

test('each kind of question needs its capability', () => {
  const expected: [InputRequest, ClientCapabilities][] = [
    [request('elicitation/create', { message: 'x' }), { elicitation: { form: {} } }],
    [request('elicitation/create', { mode: 'form' }), { elicitation: { form: {} } }],
    [request('elicitation/create', { mode: 'url' }), { elicitation: { url: {} } }],
    [request('elicitation/create'), { elicitation: { form: {} } }],
    [request('sampling/createMessage', { messages: [] }), { sampling: {} }],
    [request('sampling/createMessage', { tools: [] }), { sampling: { tools: {} } }],
    [request('sampling/createMessage', { toolChoice: {} }), { sampling: { tools: {} } }],
    [request('roots/list'), { roots: {} }],
  ];
  for (const [question, capability] of expected) assert.deepEqual(requiredCapabilityOf(question), capability);
  for (const method of ['tools/call', 'ping', 'constructor', undefined]) {
    assert.throws(() => requiredCapabilityOf(request(method as string)), TypeError);
  }
});

test('what is declared is not missing, what is not declared is', () => {
  const form = { elicitation: { form: {} } };
  const url = { elicitation: { url: {} } };
  const tools = { sampling: { tools: {} } };
  const expected: [ClientCapabilities, ClientCapabilities | undefined, ClientCapabilities | undefined][] = [
    [form, undefined, form],
    [form, {}, form],
    [form, { elicitation: {} }, undefined],
    [form, { elicitation: { form: {} } }, undefined],
    [form, { elicitation: { url: {} } }, form],
    [form, { elicitation: { form: {}, url: {} } }, undefined],
    [url, { elicitation: {} }, url],
    [url, { elicitation: { form: {} } }, url],
    [url, { elicitation: { url: {} } }, undefined],
    [{ sampling: {} }, { sampling: {} }, undefined],
    [{ sampling: {} }, { elicitation: {} }, { sampling: {} }],
    [tools, { sampling: {} }, tools],
    [tools, { sampling: { tools: {} } }, undefined],
    [tools, { sampling: { context: {} } }, tools],
    [{ roots: {} }, { roots: { listChanged: true } }, undefined],
    [
      { ...url, ...tools, roots: {} },
      { elicitation: {}, roots: {} },
      { ...url, ...tools },
    ],
    [{}, undefined, undefined],
  ];
  for (const [required, declared, missing] of expected) {
    assert.deepEqual(missingCapabilities(required, declared), missing, JSON.stringify({ required, declared }));
  }
});
