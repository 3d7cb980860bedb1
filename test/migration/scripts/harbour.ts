import { CLIENT, LEGACY, modernMeta, type Peer } from '../peer.ts';

const HANDSHAKE = { protocolVersion: LEGACY, capabilities: {}, clientInfo: CLIENT };
const call = (ship: string) => ({ name: 'moor', arguments: { ship } });

export async function run(peer: Peer): Promise<void> {
  await peer.open();
  await peer.ask(1, 'initialize', HANDSHAKE);
  await peer.send({ method: 'notifications/initialized' });
  await peer.ask(2, 'tools/list', {});
  await peer.send({ id: 3, method: 'tools/call', params: call('Argo') });
  await peer.expect('notifications/message');
  await peer.answered(3, 'moor');
  await peer.ask(4, 'resources/read', { uri: 'tide://now' });
  await peer.ask(5, 'harbour/unknown', {}, -32601);
  await peer.action('change');
  await peer.expect('notifications/tools/list_changed');
  peer.note('eras', 'outside', [await peer.action('eras')]);
  await peer.hangUp();

  await peer.action('bounded');
  await peer.open();
  const _meta = modernMeta();
  await peer.ask('d', 'server/discover', { _meta });
  await peer.ask('c', 'tools/call', { ...call('Beagle'), _meta });
  await peer.ask('u', 'harbour/unknown', { _meta }, -32601);
  const notifications = { toolsListChanged: true, resourceSubscriptions: ['tide://now'] };
  await peer.send({ id: 'l', method: 'subscriptions/listen', params: { notifications, _meta } });
  await peer.expect('notifications/subscriptions/acknowledged');
  await peer.action('change');
  await peer.expect('notifications/tools/list_changed');
  await peer.action('update');
  await peer.expect('notifications/resources/updated');
  peer.note('eras', 'outside', [await peer.action('eras')]);
  await peer.action('close');
  await peer.answered('l', 'the end of the stream');

  await peer.action('rejects');
  await peer.open();
  await peer.ask(1, 'initialize', HANDSHAKE, -32022);
  await peer.ask(2, 'tools/list', {}, -32022);
  await peer.ask(3, 'tools/list', { _meta });
  peer.note('eras', 'outside', [await peer.action('eras')]);
  await peer.hangUp();
}
