import assert from 'node:assert/strict';
import { type Difference, leaks, type Outcome, projected } from '../expectation.ts';
import { CLIENT, LEGACY, type Peer } from '../peer.ts';

const ERAS = ['modern', 'legacy'] as const;

export async function run(peer: Peer): Promise<void> {
  await peer.call('modern', 'server/discover');
  for (const era of ERAS) {
    const read = (uri: string, outcome: Outcome | Difference = 'result') =>
      peer.call(era, 'resources/read', { uri }, { outcome });
    const complete = (uri: string, name: string, value: string, context?: object) =>
      peer.call(era, 'completion/complete', {
        ref: { type: 'ref/resource', uri },
        argument: { name, value },
        ...(context && { context }),
      });
    await peer.call(era, 'resources/list');
    await peer.call(era, 'resources/templates/list');
    await read('notes://index');
    const fields = ['/messages/0/result/ttlMs', '/messages/0/result/cacheScope'];
    await read('notes://own-cache', era === 'modern' ? 'result' : projected(LEGACY, ...fields));
    await read('note://welcome');
    await read('note://42', -32602);
    const missing: Outcome | Difference =
      era === 'modern'
        ? -32602
        : { why: '2025-11-25, server/resources, names -32002 for a missing resource', sdk: -32602, slipway: -32002 };
    await read('note://archived', missing);
    await read('nowhere://x', missing);
    await read('notes://broken', leaks('/dev/sdb7', -32603));
    await read('attachment://w/a/b.txt?page=3&size=10');
    await complete('note://{id}', 'id', 'sh');
    await complete('note://{id}', 'id', '', { arguments: { upper: 'yes' } });
    await complete('attachment://{note}/{+path}{?page,size}', 'note', 'x');
    await peer.call(
      era,
      'completion/complete',
      {
        ref: { type: 'ref/resource', uri: 'none://{x}' },
        argument: { name: 'x', value: '' },
      },
      { outcome: -32602 },
    );
    await peer.call(era, 'tools/call', { name: 'describe-templates' });
  }
  await peer.call('legacy', 'resources/subscribe', { uri: 'note://welcome' });
  await peer.call('legacy', 'resources/unsubscribe', { uri: 'note://welcome' });
  await peer.call('modern', 'resources/subscribe', { uri: 'note://welcome' }, { outcome: -32601, status: 404 });
  await listen(peer);
  await connection(peer);
}

/** 2026: changes arrive on the stream of a subscriptions/listen request. */
async function listen(peer: Peer): Promise<void> {
  await peer.action('watch');
  const notifications = {
    resourcesListChanged: true,
    resourceSubscriptions: ['note://welcome'],
    toolsListChanged: true,
  };
  const stream = peer.begin('modern', 'subscriptions/listen', { notifications }, { id: 'sub-1' });
  const second = peer.begin('modern', 'subscriptions/listen', { notifications: { resourcesListChanged: true } });
  peer.note('the stream opens', 'modern', [await stream.next()], (await stream.head()).status);
  peer.note('another stream opens', 'modern', [await second.next()], (await second.head()).status);
  const notified = { notifications: { resourcesListChanged: true } };
  await peer.call('modern', 'subscriptions/listen', notified, {
    id: 3,
    outcome: {
      why: 'the sentence names the limit, and the code leads to what can be done about it',
      sdk: -32603,
      slipway: -32603,
      places: ['/messages/0/error/message', '/messages/0/error/data'],
    },
  });
  await peer.action('changed');
  await peer.action('otherChanged');
  await peer.action('publish');
  await peer.action('listChanged');
  peer.note('the stream delivers', 'modern', [await stream.next(), await stream.next(), await stream.next()]);
  peer.note('the other stream delivers', 'modern', [await second.next()]);
  peer.note('the bus saw', 'outside', (await peer.action('seen')) as unknown[]);
  stream.abort();
  second.abort();
  // Streams that were closed make room. (The bus is no measure: the SDK subscribes to it per stream, Slipway once.)
  for (let round = 0; ; round++) {
    const again = peer.begin('modern', 'subscriptions/listen', notified, { id: 4 });
    const first = await again.next();
    again.abort();
    if (first?.method === 'notifications/subscriptions/acknowledged') break;
    assert.ok(round < 100, 'a closed stream makes room for another');
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  assert.ok((await peer.action('listeners')) !== 0, 'what the server itself subscribed to its bus is still there');
}

/** 2025: the server keeps the subscriptions of its connection. */
async function connection(peer: Peer): Promise<void> {
  await peer.open();
  await peer.ask(0, 'initialize', { protocolVersion: LEGACY, capabilities: {}, clientInfo: CLIENT });
  await peer.send({ method: 'notifications/initialized' });
  await peer.ask(1, 'resources/subscribe', { uri: 'note://diary' });
  await peer.ask(2, 'tools/call', { name: 'add', arguments: { id: 'diary', text: 'Day one.' } });
  await peer.ask(3, 'resources/unsubscribe', { uri: 'note://diary' });
  await peer.ask(4, 'tools/call', { name: 'add', arguments: { id: 'diary', text: 'Day two.' } });
  await peer.ask(5, 'resources/read', { uri: 'note://diary' });
  await peer.hangUp();
}
