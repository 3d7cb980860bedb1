import assert from 'node:assert/strict';
import { ask } from '../support/mcp-post.ts';
import { SessionClient } from '../support/session-client.ts';
import { onEachDriver } from '../support/state-place.ts';
import { ABLE, asking, FORM } from './asking-server.ts';

for (const tool of ['required', 'linear']) {
  onEachDriver(`a handler that asks (${tool}) is the same in both eras`, async (_t, place) => {
    const { url } = await place.serve(asking().server);
    const params = { name: tool, arguments: { count: 3 } };
    const content = { colour: 'green' };

    const client = await SessionClient.begin(url, { capabilities: ABLE });
    const stream = await client.stream(tool, { count: 3 });
    const question = await stream.message();
    assert.deepEqual([question.method, question.params], ['elicitation/create', { ...FORM, mode: 'form' }]);
    await client.answer(question.id, { action: 'accept', content });
    const old = (await stream.messages()).at(-1);

    const first = await ask(url, 'tools/call', params, { capabilities: ABLE });
    assert.equal(first.result.resultType, 'input_required');
    const [[key, request]] = Object.entries(first.result.inputRequests) as [
      [string, { method: string; params: object }],
    ];
    assert.deepEqual([request.method, request.params], ['elicitation/create', { ...FORM, mode: 'form' }]);
    const { requestState } = first.result;
    const inputResponses = { [key]: { action: 'accept', content } };
    const again = { ...params, inputResponses, ...(requestState && { requestState }) };
    const second = await ask(url, 'tools/call', again, { capabilities: ABLE });
    assert.equal(second.result.content[0].text, '3 green');
    assert.deepEqual(old.result.content, second.result.content);
  });
}
