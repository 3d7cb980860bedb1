import assert from 'node:assert/strict';
import { type Difference, type Outcome, ownWords } from '../expectation.ts';
import { CLIENT, LEGACY, type Peer } from '../peer.ts';

const FORM = { elicitation: { form: {} } };
const BOTH = { elicitation: { form: {}, url: {} } };
const yes = { action: 'accept', content: { confirm: true } };

export async function run(peer: Peer): Promise<void> {
  await modern(peer);
  await connected(peer);
  await refusedByShim(peer);
  // Stateless: nobody declared a capability, and there is no channel to ask on.
  await peer.call(
    'legacy',
    'tools/call',
    { name: 'deploy', arguments: { env: 'prod' } },
    {
      outcome: ownWords('tool error'),
    },
  );
  await peer.call('legacy', 'resources/read', { uri: 'approvals://secret' }, { outcome: ownWords(-32603) });
  await peer.call('legacy', 'tools/call', { name: 'old-link' }, { outcome: -32042 });
}

async function modern(peer: Peer): Promise<void> {
  const call = (
    name: string,
    retry: object = {},
    outcome: Outcome | Difference = 'result',
    capabilities = BOTH as object,
  ) =>
    peer.call(
      'modern',
      'tools/call',
      { name, ...(name === 'deploy' && { arguments: { env: 'prod' } }), ...retry },
      {
        outcome,
        capabilities: capabilities as Record<string, unknown>,
      },
    );
  await peer.call('modern', 'tools/list');
  await call('deploy', {}, 'input required');
  await call('deploy', { inputResponses: { confirm: yes } });
  await call(
    'deploy',
    { inputResponses: { confirm: { action: 'accept', content: { confirm: false } } } },
    'input required',
  );
  await call(
    'deploy',
    { inputResponses: { confirm: { action: 'accept', content: { confirm: 'yes' } } } },
    'input required',
  );
  await call('deploy', { inputResponses: { confirm: { action: 'decline' } } }, 'input required');
  await call('deploy', { inputResponses: { stray: yes } }, 'input required');
  await call('deploy', {}, ownWords(-32021), {});
  await call('deploy', {}, 'input required', { elicitation: {} });
  await call('tag', {}, 'input required');
  await call('tag', { inputResponses: { confirm: yes } });
  await call('tag', { inputResponses: { confirm: { action: 'decline' } } }, 'tool error');
  await call('tag', { inputResponses: { confirm: { action: 'cancel' } } }, 'tool error');
  await call('tag', { inputResponses: { confirm: { method: 'elicitation/create', result: yes } } }, 'input required');
  await call('details', {}, 'input required');
  const details = { mail: 'a@b.example', color: 'red', days: ['mon'] };
  await call('details', { inputResponses: { details: { action: 'accept', content: details } } });
  await call(
    'details',
    { inputResponses: { details: { action: 'accept', content: { mail: 'no' } } } },
    'input required',
  );
  await call('provision', {}, 'input required');
  const name = { action: 'accept', content: { name: 'analytics' } };
  const region = { action: 'accept', content: { region: 'eu' } };
  await call('provision', { inputResponses: { name } }, 'input required');
  await call('provision', { inputResponses: { name, region } });
  await call('wipe', {}, 'input required');
  const round = await call('wipe', { inputResponses: { confirm: yes } }, 'input required');
  const requestState = round.result['requestState'];
  assert.equal(typeof requestState, 'string');
  const scope = { scope: { action: 'accept', content: { scope: 'sessions' } } };
  await call('wipe', { inputResponses: scope, requestState });
  await call('wipe', { requestState });
  await peer.action('refusals');
  await call('wipe', { inputResponses: scope, requestState: 'tampered' }, -32602);
  await call('wipe', { inputResponses: scope, requestState: `${requestState}x` }, -32602);
  peer.note('refused states are reported', 'outside', [await peer.action('refusals')]);
  const later = await call('later', {}, 'input required');
  await call('later', { requestState: later.result['requestState'] });
  await call('link-account', {}, 'input required');
  await call('link-account', { inputResponses: { signin: { action: 'accept' } } });
  await call('link-account', {}, ownWords(-32021), FORM);
  // A -32042 does not exist in 2026-07-28: throwing it there is a mistake of the server's author.
  const mistake = 'the mistake is explained in the log, and the client gets its reference';
  const places = ['/messages/0/error/message', '/messages/0/error/data'];
  await call('old-link', {}, { why: mistake, sdk: -32603, slipway: -32603, places });
  await call('misuse');
  const read = (retry: object, outcome: Outcome = 'result') =>
    peer.call('modern', 'resources/read', { uri: 'approvals://secret', ...retry }, { outcome, capabilities: BOTH });
  await read({}, 'input required');
  await read({ inputResponses: { allow: yes } });
  await read({ inputResponses: { allow: { action: 'decline' } } }, -31_000);
}

async function begin(peer: Peer, capabilities: object): Promise<void> {
  await peer.open();
  await peer.ask('init', 'initialize', { protocolVersion: LEGACY, capabilities, clientInfo: CLIENT });
  await peer.send({ method: 'notifications/initialized' });
}

/** 2025, connected: the same handlers are served by requests to the client. */
async function connected(peer: Peer): Promise<void> {
  await begin(peer, BOTH);
  const answer = async (result: object) => {
    const { id } = await peer.expect('elicitation/create');
    await peer.send({ id, result: result as Record<string, unknown> });
  };
  const start = (id: number, name: string) =>
    peer.send({ id, method: 'tools/call', params: { name, ...(name === 'deploy' && { arguments: { env: 'prod' } }) } });
  await start(1, 'deploy');
  await answer(yes);
  await peer.answered(1, 'deploy');
  await start(2, 'tag');
  await answer({ action: 'decline' });
  await peer.answered(2, 'tag', 'tool error');
  await start(3, 'wipe');
  await answer(yes);
  await answer({ action: 'accept', content: { scope: 'sessions' } });
  await peer.answered(3, 'wipe');
  await start(4, 'link-account');
  await answer({ action: 'accept' });
  await peer.answered(4, 'link-account');
  await start(5, 'stubborn');
  for (let round = 0; round < 3; round++) await answer(yes);
  await peer.answered(5, 'stubborn', ownWords('tool error'));
  await start(6, 'later');
  await peer.answered(6, 'later');
  await peer.ask(7, 'tools/call', { name: 'old-link' }, -32042);
  await peer.send({ id: 8, method: 'resources/read', params: { uri: 'approvals://secret' } });
  await answer(yes);
  await peer.answered(8, 'secret');
  await peer.hangUp();
}

/** 2025 with the shim off, and a client that can not be asked. */
async function refusedByShim(peer: Peer): Promise<void> {
  await begin(peer, {});
  await peer.ask(1, 'tools/call', { name: 'deploy', arguments: { env: 'prod' } }, ownWords('tool error'));
  await peer.hangUp();
  await peer.action('shim', false);
  await begin(peer, BOTH);
  await peer.ask(1, 'tools/call', { name: 'deploy', arguments: { env: 'prod' } }, ownWords(-32603));
  await peer.hangUp();
  await peer.action('shim', true);
}
