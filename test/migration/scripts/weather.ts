import { type Difference, leaks, type Outcome, projected } from '../expectation.ts';
import { LEGACY, type Peer } from '../peer.ts';

const ERAS = ['modern', 'legacy'] as const;

export async function run(peer: Peer): Promise<void> {
  await peer.call('modern', 'server/discover');
  const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'old', version: '1' } };
  const info = ['description', 'websiteUrl', 'icons'].map(member => `/messages/0/result/serverInfo/${member}`);
  const outcome = projected('2025-06-18', ...info);
  await peer.call('legacy', 'initialize', hello, { headers: { 'mcp-protocol-version': undefined }, outcome });
  for (const era of ERAS) {
    const call = (name: string, args?: object, outcome: Outcome | Difference = 'result') =>
      peer.call(era, 'tools/call', { name, ...(args && { arguments: args }) }, { outcome });
    await peer.call(era, 'tools/list');
    await call('current', { city: 'Oslo' });
    await call('current', { city: 'Oslo', units: 'imperial' });
    await call('current', { city: 'Atlantis' }, 'tool error');
    await call('current', { city: '' }, 'tool error');
    await call('current', { city: 'Oslo', units: 'kelvin' }, 'tool error');
    await call('current', undefined, 'tool error');
    await call('list-cities');
    await call('list-cities', { ignored: true });
    await call('compare', { first: 'Oslo', second: 'Lima' });
    await call('compare', { first: 'Oslo', second: 'Atlantis' }, leaks('weather-db-7'));
    // A tool that breaks its own promise: what exactly is wrong is for the operator, not for the model.
    await call('station-report', {}, leaks('expected boolean'));
    await call('station-silence', {}, leaks('no structured content'));
    await call('refuse', {}, 'tool error');
    await call('batch', { values: [1, 2, 3] });
    await call('batch', { values: Array.from({ length: 60 }, (_, index) => index) }, 'tool error');
    await call('names');
    await call('missing', {}, -32602);
    await peer.call(era, 'prompts/list', {}, { outcome: -32601 });
    await peer.call(era, 'weather/unknown', {}, { outcome: -32601 });
  }
  // The guards in front: the first pair passes, the others are refused before anything is read.
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
  const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  for (const [path, host, origin] of [
    ['/public', 'weather.example:8080', undefined],
    ['/public', 'weather.example', 'https://app.weather.example'],
    ['/public', 'weather.example', 'moz-extension://8b2d'],
    ['/public', 'weather.example', 'https://evil.example'],
    ['/public', 'evil.example', undefined],
    ['/mcp', 'evil.example', undefined],
    ['/mcp', 'localhost', 'http://localhost:5173'],
    ['/mcp', '[::1]:3000', 'null'],
  ] as const) {
    const headers = { ...json, 'mcp-protocol-version': LEGACY, host, ...(origin !== undefined && { origin }) };
    const exchange = peer.exchange({ path, headers, body: JSON.stringify(list) });
    await peer.read(exchange, `guarded ${path} ${host} ${origin}`, 'raw');
  }
  // Without a version header the request counts as 2025-03-26 (2025-11-25, basic/transports, Protocol Version Header).
  const members = ['0/title', '0/icons', '0/_meta', ...[0, 2, 3, 4].map(index => `${index}/outputSchema`)];
  await peer.read(peer.exchange({ headers: json, body: JSON.stringify(list) }), 'no version header', 'raw', {
    outcome: projected('2025-03-26', ...members.map(member => `/messages/0/result/tools/${member}`)),
  });
}
