import type { Peer } from '../peer.ts';

export async function run(peer: Peer): Promise<void> {
  const meta = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', baggage: 'a=1' };
  for (const era of ['modern', 'legacy'] as const) {
    await peer.call(era, 'tools/list');
    const order = { name: 'order', arguments: { shop: 'north', amount: 3 } };
    await peer.call(era, 'tools/call', order, { meta: { ...meta, progressToken: 'p' }, id: `order-${era}` });
    const ref = { type: 'ref/prompt', name: 'any' };
    await peer.call(era, 'completion/complete', { ref, argument: { name: 'x', value: 'y' } });
    await peer.call(era, 'tools/call', { name: 'kinds' });
    await peer.call(era, 'tools/call', { name: 'extra' });
    await peer.call(era, 'tools/call', { name: 'lines' });
  }
  const capabilities = { elicitation: { form: {}, url: {} } };
  await peer.call('modern', 'tools/call', { name: 'approve' }, { outcome: 'input required', capabilities });
  const inputResponses = { approval: { action: 'accept', content: { approve: true } } };
  await peer.call('modern', 'tools/call', { name: 'approve', inputResponses }, { capabilities });
}
