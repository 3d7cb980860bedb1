import assert from 'node:assert/strict';
import { type Difference, leaks, type Outcome } from '../expectation.ts';
import { CLIENT, LEGACY, type Peer } from '../peer.ts';

const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';

const UNHEARD: Difference = {
  why: 'server.sendLoggingMessage() during a request reaches its client; the SDK loses it without a connection',
  sdk: 'result',
  slipway: 'result',
  places: ['/messages'],
};

interface Scans {
  started: number;
  stopped: number;
  finished: number;
}

async function stops(peer: Peer, count: number): Promise<void> {
  for (let round = 0; round < 200; round++) {
    const scans = (await peer.action('scans')) as Scans;
    if (scans.stopped === count) return peer.note('scans', 'outside', [scans]);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  assert.fail(`${peer.side}: the scan was not stopped: ${JSON.stringify(await peer.action('scans'))}`);
}

export async function run(peer: Peer): Promise<void> {
  await peer.call('modern', 'server/discover');
  for (const era of ['modern', 'legacy'] as const) {
    const call = (name: string, args: object, meta?: Record<string, unknown>, outcome?: Outcome | Difference) =>
      peer.call(era, 'tools/call', { name, arguments: args }, { meta, outcome, id: 'job' });
    await call('process', { files: 2 });
    await call('process', { files: 3 }, { progressToken: 'tok-1' });
    await call('process', { files: 1 }, { progressToken: 7 });
    await call('validate', { levels: ['debug', 'error'] });
    await call(
      'both',
      {},
      { progressToken: 'p', ...(era === 'modern' && { [LOG_LEVEL]: 'debug' }) },
      leaks('tape-robot-9'),
    );
    const announced = await call('announce', {}, undefined, era === 'legacy' ? UNHEARD : undefined);
    const heard = announced.messages.filter(message => message.method === 'notifications/message').length;
    assert.equal(heard, era === 'legacy' && peer.side === 'slipway' ? 1 : 0, `${peer.side} ${era} announce`);
    await call('defaults', {});
  }
  await peer.call(
    'modern',
    'tools/call',
    { name: 'validate', arguments: { levels: ['debug', 'warning', 'error'] } },
    {
      meta: { [LOG_LEVEL]: 'warning' },
    },
  );
  await peer.call(
    'modern',
    'tools/call',
    { name: 'validate', arguments: { levels: ['debug', 'emergency'] } },
    {
      meta: { [LOG_LEVEL]: 'debug' },
    },
  );
  await peer.call('legacy', 'logging/setLevel', { level: 'error' });
  await peer.call('modern', 'logging/setLevel', { level: 'error' }, { outcome: -32601, status: 404 });

  // 2026: a client that hangs up has cancelled the request.
  const scan = peer.begin(
    'modern',
    'tools/call',
    { name: 'scan', arguments: { pages: 600 } },
    { meta: { progressToken: 1 } },
  );
  peer.note('the scan began', 'modern', [await scan.next()]);
  scan.abort();
  await stops(peer, 1);
  await connection(peer);
  await peer.action('close');
}

/** 2025: a notification cancels, and the log level belongs to the connection. */
async function connection(peer: Peer): Promise<void> {
  await peer.open();
  await peer.ask(0, 'initialize', { protocolVersion: LEGACY, capabilities: {}, clientInfo: CLIENT });
  await peer.send({ method: 'notifications/initialized' });
  await peer.ask(1, 'tools/call', { name: 'validate', arguments: { levels: ['debug', 'error'] } });
  await peer.ask(2, 'logging/setLevel', { level: 'error' });
  await peer.ask(3, 'tools/call', { name: 'validate', arguments: { levels: ['debug', 'error'] } });
  await peer.ask(4, 'tools/call', { name: 'announce' });
  await peer.ask(
    5,
    'logging/setLevel',
    { level: 'loud' },
    {
      why: 'malformed params are the fault of the request (-32602), and no dump of a schema library',
      sdk: -32603,
      slipway: -32602,
    },
  );
  const scan = { name: 'scan', arguments: { pages: 600 }, _meta: { progressToken: 'scan' } };
  await peer.send({ id: 6, method: 'tools/call', params: scan });
  await peer.expect('notifications/progress');
  await peer.send({ method: 'notifications/cancelled', params: { requestId: 6, reason: 'Stop was clicked' } });
  await stops(peer, 2);
  await peer.ask(7, 'ping', {});
  await peer.send({ id: 8, method: 'tools/call', params: scan });
  await peer.expect('notifications/progress');
  await peer.hangUp();
  await stops(peer, 3);
}
