import assert from 'node:assert/strict';
import { type Difference, type Outcome, ownWords } from '../expectation.ts';
import { CLIENT, LEGACY, type Peer } from '../peer.ts';

const ALL = { elicitation: { form: {}, url: {} }, sampling: {}, roots: { listChanged: true } };
const REPLY = { role: 'assistant', model: 'host-model', content: { type: 'text', text: 'At home.' } };

async function begin(peer: Peer, capabilities: object, version = LEGACY): Promise<void> {
  await peer.open();
  await peer.ask('init', 'initialize', { protocolVersion: version, capabilities, clientInfo: CLIENT });
  await peer.send({ method: 'notifications/initialized' });
  await peer.ask('ping', 'ping', {});
  peer.note('events', 'outside', (await peer.action('events')) as unknown[]);
}

export async function run(peer: Peer): Promise<void> {
  await begin(peer, ALL);
  let id = 0;
  /** Calls a tool, answers what the server asks meanwhile, and reads the result. */
  const play = async (
    name: string,
    answers: [string, object][],
    outcome: Outcome | Difference = 'result',
    args = {},
  ) => {
    const call = ++id;
    await peer.send({ id: call, method: 'tools/call', params: { name, arguments: args } });
    for (const [method, answer] of answers) {
      const asked = await peer.expect(method);
      await peer.send({ id: asked.id as number, ...answer });
    }
    await peer.answered(call, name, outcome);
    peer.note('events', 'outside', (await peer.action('events')) as unknown[]);
  };
  const form = (result: object): [string, object] => ['elicitation/create', { result }];
  const weather: [string, object] = ['acme/weather', { result: { sky: 'blue' } }];
  const roots: [string, object] = ['roots/list', { result: { roots: [{ uri: 'file:///home' }] } }];

  await peer.ask('list', 'tools/list', {});
  await play('ask-color', [form({ action: 'accept', content: { color: 'red' } })]);
  await play('ask-color', [form({ action: 'decline' })]);
  await play('ask-color', [form({ action: 'cancel' })]);
  await play('ask-color', [form({ action: 'accept', content: { color: 'blue' } })], ownWords('tool error'));
  await play('ask-later', [form({ action: 'accept', content: { color: 'red' } })]);
  await play('send-link', [form({ action: 'accept' })], 'result', { id: 'login-7' });
  await play('ask-model', [['sampling/createMessage', { result: REPLY }]]);
  await play('ask-model-later', [['sampling/createMessage', { result: REPLY }]]);
  await play('ask-folders', [roots, roots]);
  await play('ask-custom', [weather, weather]);
  await play('check-alive', [['ping', { result: {} }]]);
  await play('tell', []);
  await impatient(peer);
  await peer.send({ id: 90, method: 'tools/call', params: { name: 'goodbye' } });
  await peer.answered(90, 'goodbye');
  for (let round = 0; round < 100 && (await peer.action('connected')) === true; round++) {
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  assert.equal(await peer.action('connected'), false);
  peer.note('events', 'outside', (await peer.action('events')) as unknown[]);

  // A client that declared nothing, of an older revision, and one of a revision that does not exist.
  await peer.action('strict', true);
  await begin(peer, {}, '2025-03-26');
  await play('ask-color', [], ownWords('tool error'));
  await play('ask-model', [], ownWords('tool error'));
  await play('ask-folders', [], ownWords('tool error'));
  await peer.hangUp();
  await begin(peer, {}, '1999-12-31');
  await peer.hangUp();
}

async function impatient(peer: Peer): Promise<void> {
  await peer.send({ id: 80, method: 'tools/call', params: { name: 'impatient', arguments: { how: 'timeout' } } });
  const slow = await peer.expect('acme/slow');
  const { _meta } = slow.params as { _meta?: { progressToken?: string | number } };
  assert.notEqual(_meta?.progressToken, undefined, 'onprogress asks for progress');
  for (const progress of [1, 2]) {
    const params = { progressToken: _meta?.progressToken, progress };
    await peer.send({ method: 'notifications/progress', params });
    await new Promise(resolve => setTimeout(resolve, 60));
  }
  await peer.answered(80, 'impatient timeout');
  await peer.send({ id: 81, method: 'tools/call', params: { name: 'impatient', arguments: { how: 'signal' } } });
  await peer.expect('acme/slow');
  await peer.answered(81, 'impatient signal');
  await peer.action('events');
}
