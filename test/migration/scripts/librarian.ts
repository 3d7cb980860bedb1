import { type Difference, type Outcome, ownWords } from '../expectation.ts';
import { CLIENT, LEGACY, type Peer } from '../peer.ts';

const ALL = { sampling: { tools: {} }, roots: {} };
const reply = { role: 'assistant', model: 'host-model', content: { type: 'text', text: 'Short.' } };
const folders = { roots: [{ uri: 'file:///books', name: 'Books' }, { uri: 'file:///maps' }] };

export async function run(peer: Peer): Promise<void> {
  const call = (name: string, retry: object, outcome: Outcome | Difference, capabilities: object = ALL) =>
    peer.call(
      'modern',
      'tools/call',
      { name, arguments: { text: 'A long text.' }, ...retry },
      {
        outcome,
        capabilities: capabilities as Record<string, unknown>,
      },
    );
  await call('summarize', {}, 'input required');
  await call('summarize', { inputResponses: { summary: reply } }, 'result');
  await call('summarize', { inputResponses: { summary: folders } }, 'input required');
  await call('summarize', {}, ownWords(-32021), { roots: {} });
  await call('shelves', {}, 'input required');
  await call('shelves', { inputResponses: { roots: folders } }, 'result');
  await call('shelves', {}, ownWords(-32021), { sampling: {} });
  const sealed: Difference = {
    why: 'a state is protected without a codec too (2026-07-28, basic/patterns/mrtr, server requirements)',
    sdk: 'input required',
    slipway: 'input required',
    places: ['/messages/0/result/requestState'],
  };
  const first = await call('count', {}, sealed);
  const answers = { inputResponses: { a: folders, b: reply } };
  const second = await call('count', { ...answers, requestState: first.result['requestState'] }, sealed);
  await call('count', { ...answers, requestState: second.result['requestState'] }, 'result');
  await call('with-tools', {}, 'input required');
  await call('with-tools', {}, ownWords(-32021), { sampling: {} });
  for (const era of ['modern', 'legacy'] as const) {
    await peer.call(era, 'resources/read', { uri: 'librarian://errors' }, { outcome: -32021 });
    await peer.call(era, 'resources/read', { uri: 'librarian://versions' }, { outcome: -32022 });
  }

  await peer.open();
  await peer.ask(0, 'initialize', { protocolVersion: LEGACY, capabilities: ALL, clientInfo: CLIENT });
  await peer.send({ method: 'notifications/initialized' });
  await peer.send({ id: 1, method: 'tools/call', params: { name: 'summarize', arguments: { text: 'Long.' } } });
  await peer.send({ id: (await peer.expect('sampling/createMessage')).id, result: reply });
  await peer.answered(1, 'summarize');
  await peer.send({ id: 2, method: 'tools/call', params: { name: 'shelves' } });
  await peer.send({ id: (await peer.expect('roots/list')).id, result: folders });
  await peer.answered(2, 'shelves');
  await peer.send({ id: 3, method: 'tools/call', params: { name: 'shelves' } });
  const refused = { code: -1, message: 'The user said no' };
  await peer.send({ id: (await peer.expect('roots/list')).id, error: refused });
  await peer.answered(3, 'shelves refused', ownWords('tool error'));
  await peer.hangUp();
}
