import type { Peer } from '../peer.ts';

const ERAS = ['modern', 'legacy'] as const;

export async function run(peer: Peer): Promise<void> {
  for (const path of ['/mcp', '/json']) {
    for (const era of ERAS) {
      await peer.call(era, 'tools/list', {}, { path });
      for (const what of ['image', 'audio', 'text', 'embedded', 'embeddedBytes', 'link']) {
        await peer.call(era, 'tools/call', { name: 'show', arguments: { what: [what] } }, { path });
      }
      await peer.call(era, 'tools/call', { name: 'show', arguments: { what: ['image', 'text', 'link'] } }, { path });
      await peer.call(era, 'tools/call', { name: 'show', arguments: { what: [] } }, { path });
      await peer.call(era, 'tools/call', { name: 'check' }, { path });
      await peer.call(
        era,
        'tools/call',
        { name: 'show', arguments: { what: ['film'] } },
        { path, outcome: 'tool error' },
      );
    }
  }
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 'x', method: 'tools/list', params: {} });
  const at = (more: Record<string, string>) => peer.exchange({ headers: { ...headers, ...more }, body });
  await peer.read(at({ host: 'localhost:1234' }), 'host localhost', 'raw');
  await peer.read(at({ host: 'evil.example' }), 'host evil', 'raw');
  await peer.read(at({ origin: 'https://evil.example' }), 'origin evil', 'raw');
  await peer.read(at({ origin: 'http://localhost:5173' }), 'origin localhost', 'raw');
}
