import assert from 'node:assert/strict';
import { type Difference, leaks, type Outcome, projected } from '../expectation.ts';
import { CLIENT, LEGACY, type Peer } from '../peer.ts';

export async function run(peer: Peer): Promise<void> {
  await peer.call('modern', 'server/discover');
  for (const era of ['modern', 'legacy'] as const) {
    const ask = (method: string, params: Record<string, unknown> = {}, outcome?: Outcome | Difference) =>
      peer.call(era, method, params, { outcome, id: 5 });
    await ask('tools/list');
    await ask('tools/list', { cursor: '2' });
    await ask('tools/list', { cursor: '4' });
    await ask('tools/list', { cursor: 'x' }, -32602);
    await ask('tools/call', { name: 'tool-0', arguments: { query: 'mug' } });
    await ask('tools/call', { name: 'tool-0', arguments: { query: 'm' } }, 'tool error');
    await ask('tools/call', { name: 'tool-0' }, 'tool error');
    await ask('tools/call', { name: 'tool-9' }, 'tool error');
    await ask('tools/call', { name: 'tool-3', arguments: { query: 'mug' } }, leaks('upstream-12', -32603));
    await ask('tools/call', { name: 'tool-4', arguments: { query: 'mug' } });
    await ask('resources/list');
    const fields = ['/messages/0/result/ttlMs', '/messages/0/result/cacheScope'];
    await ask('resources/read', { uri: 'any://thing' }, era === 'modern' ? 'result' : projected(LEGACY, ...fields));
    await ask('acme/search', { query: 'mcp' });
    await ask('acme/search', { query: 'mcp', limit: 1 });
    await ask('acme/search', { query: 42 }, -32602);
    await ask('acme/quiet');
    await ask('acme/facts');
    await ask('acme/removed');
    await ask('acme/unknown', { any: 'thing' });
    await ask('acme/teapot', {}, 418);
  }
  await connection(peer);
}

async function connection(peer: Peer): Promise<void> {
  await peer.open();
  await peer.ask(0, 'initialize', { protocolVersion: LEGACY, capabilities: {}, clientInfo: CLIENT });
  await peer.send({ method: 'notifications/initialized' });
  await peer.ask(1, 'tools/list', {});
  await peer.ask(2, 'acme/search', { query: 'over the pair' });
  await peer.ask(3, 'acme/teapot', {}, 418);
  await peer.ask(4, 'ping', {});
  await peer.send({ method: 'acme/hello', params: { name: 'Ada' } });
  await peer.send({ method: 'acme/hello', params: { name: 7 } });
  await peer.send({ method: 'acme/deaf', params: {} });
  await peer.send({ method: 'notifications/roots/list_changed' });
  await peer.ask(5, 'acme/quiet', {});
  const heard: unknown[] = [];
  for (let round = 0; round < 100 && heard.length < 3; round++) {
    heard.push(...((await peer.action('heard')) as unknown[]));
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  assert.ok(heard.length >= 3, `${peer.side} heard ${JSON.stringify(heard)}`);
  peer.note('heard', 'outside', heard.map(each => JSON.stringify(each)).sort());
  await peer.hangUp();
}
