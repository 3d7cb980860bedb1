import type { Difference, Outcome } from '../expectation.ts';
import { CLIENT, LEGACY, type Peer } from '../peer.ts';

export async function run(peer: Peer): Promise<void> {
  await connection(peer);
  await subscriptions(peer);
}

/** 2025, connected: every change through a handle announces itself, and takes effect at once. */
async function connection(peer: Peer): Promise<void> {
  let id = 0;
  const ask = (method: string, params: Record<string, unknown> = {}, outcome?: Outcome | Difference) =>
    peer.ask(++id, method, params, outcome);
  const change = (how: string) => ask('tools/call', { name: 'change', arguments: { how } });
  const plugin = (args: object, outcome?: Outcome) => ask('tools/call', { name: 'plugin', arguments: args }, outcome);
  const read = (uri: string, outcome?: Outcome | Difference) => ask('resources/read', { uri }, outcome);

  await peer.open();
  await ask('initialize', { protocolVersion: LEGACY, capabilities: {}, clientInfo: CLIENT });
  await peer.send({ method: 'notifications/initialized' });
  await change('nothing');
  await ask('tools/list');
  await plugin({ a: 'x' });
  await change('add');
  await ask('tools/call', { name: 'added' });
  await change('update tool');
  await ask('tools/list');
  await plugin({ b: 2 });
  await plugin({ a: 'x' }, 'tool error');
  await change('disable');
  await ask('tools/list');
  await plugin({ b: 2 }, -32602);
  await ask('prompts/list');
  await ask('prompts/get', { name: 'plugin-prompt' }, -32602);
  await ask('resources/list');
  await read('plugin://file', -32602);
  await read('plugin://x/v1', -32602);
  await change('enable');
  await plugin({ b: 2 });
  await change('disable by update');
  await plugin({ b: 2 }, -32602);
  await change('enable');
  await change('rename tool');
  await plugin({ b: 2 }, -32602);
  await ask('tools/call', { name: 'renamed', arguments: { b: 3 } });
  await change('update prompt');
  await ask('prompts/list');
  await ask('prompts/get', { name: 'other-prompt', arguments: { topic: 'tea' } });
  await ask('prompts/get', { name: 'plugin-prompt' }, -32602);
  await change('update resource');
  await ask('resources/list');
  await read('plugin://other');
  await change('update template');
  await ask('resources/templates/list');
  await read('plugin://x/v2');
  await change('announce');
  await peer.hangUp();

  // Another connection, with handles of its own.
  await peer.open();
  await ask('initialize', { protocolVersion: LEGACY, capabilities: {}, clientInfo: CLIENT });
  await peer.send({ method: 'notifications/initialized' });
  await change('remove');
  await ask('tools/list');
  await ask('prompts/list');
  await ask('resources/list');
  await change('remove template');
  await ask('resources/templates/list');
  await peer.hangUp();
}

/** 2026: the handler publishes, and each stream delivers what it asked for. */
async function subscriptions(peer: Peer): Promise<void> {
  await peer.call('modern', 'tools/list');
  const all = peer.begin(
    'modern',
    'subscriptions/listen',
    { notifications: { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true } },
    { id: 99 },
  );
  const some = peer.begin(
    'modern',
    'subscriptions/listen',
    { notifications: { toolsListChanged: true } },
    { id: 'some' },
  );
  peer.note('all opens', 'modern', [await all.next()]);
  peer.note('some opens', 'modern', [await some.next()]);
  await peer.action('promptsChanged');
  await peer.action('resourcesChanged');
  await peer.action('install', 'late-plugin');
  peer.note('all delivers', 'modern', [await all.next(), await all.next(), await all.next()]);
  peer.note('some delivers', 'modern', [await some.next()]);
  for (const era of ['modern', 'legacy'] as const) {
    await peer.call(era, 'tools/list');
    await peer.call(era, 'tools/call', { name: 'late-plugin' });
  }
  await peer.action('uninstall', 'late-plugin');
  peer.note('all delivers again', 'modern', [await all.next()]);
  peer.note('some delivers again', 'modern', [await some.next()]);
  await peer.call('modern', 'tools/call', { name: 'late-plugin' }, { outcome: -32602 });
  // Closing the handler ends each stream with the result of the listen request.
  await peer.action('close');
  peer.note('all ends', 'modern', [await all.next(), (await all.next()) ?? 'the end']);
  peer.note('some ends', 'modern', [await some.next(), (await some.next()) ?? 'the end']);
}
