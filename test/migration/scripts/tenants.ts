import { type Outcome, refusedByHttp } from '../expectation.ts';
import { type CallOptions, LEGACY, type Peer } from '../peer.ts';

export async function run(peer: Peer): Promise<void> {
  peer.note('limit', 'outside', [await peer.action('limit')]);
  for (const path of ['/mcp', '/routed', '/parsed']) {
    for (const era of ['modern', 'legacy'] as const) {
      const as = (who: string | undefined): CallOptions => ({
        path,
        headers: { 'x-trace': `${era}-7`, ...(who !== undefined && { authorization: `Bearer ${who}` }) },
        meta: { 'tenant.example/own': 1, ...(era === 'legacy' && { progressToken: 3 }) },
        capabilities: { roots: {} },
        id: 'who',
      });
      for (const who of [undefined, 'alice', 'bob', 'mallory']) {
        await peer.call(era, 'tools/list', {}, as(who));
        await peer.call(era, 'tools/call', { name: 'whoami' }, as(who));
      }
      await peer.call(era, 'tools/call', { name: 'client' }, as('alice'));
      await peer.call(era, 'tools/call', { name: 'erase', arguments: { what: 'x' } }, as('alice'));
      await peer.call(
        era,
        'tools/call',
        { name: 'erase', arguments: { what: 'x' } },
        { ...as('bob'), outcome: -32602 },
      );
    }
  }
  peer.note('served', 'outside', (await peer.action('served')) as unknown[]);
  await challenges(peer);
  await postures(peer);
  await peer.action('close');
}

/** A caller that lacks a scope is told which, before anything runs; who has no token at all is the gate's business. */
async function challenges(peer: Peer): Promise<void> {
  for (const era of ['modern', 'legacy'] as const) {
    const challenged = async (method: string, params: Record<string, unknown>, who?: string) => {
      const headers = who === undefined ? {} : { authorization: `Bearer ${who}` };
      const exchange = peer.begin(era, method, params, { headers });
      await peer.read(exchange, `${era} ${method} as ${who}`, 'raw');
    };
    await challenged('tools/call', { name: 'publish' }, 'bob');
    await challenged('tools/call', { name: 'publish' }, 'alice');
    await challenged('tools/call', { name: 'publish' });
    await challenged('prompts/get', { name: 'plan' }, 'bob');
    await challenged('prompts/get', { name: 'plan' }, 'alice');
    await challenged('resources/read', { uri: 'tenant://books' }, 'bob');
    await challenged('resources/read', { uri: 'tenant://books' }, 'alice');
  }
}

async function postures(peer: Peer): Promise<void> {
  const at = (path: string, outcome?: Outcome, status?: number): CallOptions => ({ path, outcome, status });
  await peer.call('modern', 'tools/list', {}, at('/strict'));
  const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'old', version: '1' } };
  await peer.call('legacy', 'initialize', hello, at('/strict', -32022, 400));
  await peer.call('legacy', 'tools/list', {}, at('/strict', -32022, 400));
  await peer.call('legacy', 'initialize', hello, at('/routed'));
  await peer.call('legacy', 'initialize', hello, at('/mcp'));
  await peer.call('modern', 'server/discover', {}, at('/routed'));

  const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const initialized = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
  const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { pad: 'x'.repeat(1_000) } });
  for (const path of ['/mcp', '/strict', '/routed']) {
    await peer.read(peer.exchange({ path, headers: json, body: initialized }), `notification ${path}`, 'raw');
    for (const method of ['GET', 'DELETE']) {
      const headers = { ...json, 'mcp-protocol-version': LEGACY };
      // Slipway answers OPTIONS too, for pages.
      const outcome = refusedByHttp('/headers/allow');
      await peer.read(peer.exchange({ path, method, headers }), `${method} ${path}`, 'raw', { outcome });
    }
  }
  for (const [path, label] of [
    ['/small', 'too large for the handler'],
    ['/tight', 'too large for the adapter'],
  ] as const) {
    const exchange = peer.exchange({ path, headers: json, body: list });
    await peer.read(exchange, label, 'raw', { outcome: refusedByHttp() });
  }
  const plain = { ...json, 'content-type': 'text/plain' };
  await peer.read(peer.exchange({ path: '/routed', headers: plain, body: list }), 'not JSON', 'raw');
}
