import { CLIENT, LEGACY, type Peer } from '../peer.ts';

export async function run(peer: Peer): Promise<void> {
  await peer.open();
  await peer.ask(0, 'initialize', { protocolVersion: LEGACY, capabilities: {}, clientInfo: CLIENT });
  await peer.send({ method: 'notifications/initialized' });
  await peer.ask(1, 'tools/list', {});
  await peer.ask(2, 'tools/call', { name: 'line' });
  await peer.ask(3, 'tools/call', { name: 'errors' });
  await peer.ask(4, 'tools/call', { name: 'constants' });
  await peer.ask(5, 'acme/unknown', {}, -32601);
  await peer.hangUp();
  peer.note('a pair of its own', 'outside', [await peer.action('ownPair')]);
}
