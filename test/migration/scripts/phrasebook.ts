import { type Difference, leaks, type Outcome } from '../expectation.ts';
import type { Peer } from '../peer.ts';

const ERAS = ['modern', 'legacy'] as const;

export async function run(peer: Peer): Promise<void> {
  await peer.call('modern', 'server/discover');
  for (const era of ERAS) {
    const get = (name: string, args?: object, outcome: Outcome | Difference = 'result', more: object = {}) =>
      peer.call(
        era,
        'prompts/get',
        { name, ...(args && { arguments: args }), ...more },
        {
          outcome,
          capabilities: { elicitation: { form: {} } },
        },
      );
    const complete = (ref: object, name: string, value: string, given?: object, outcome: Outcome = 'result') =>
      peer.call(
        era,
        'completion/complete',
        { ref, argument: { name, value }, ...(given && { context: { arguments: given } }) },
        { outcome },
      );
    await peer.call(era, 'prompts/list');
    await get('review', { language: 'rust', code: 'let x = 1' });
    await get('review', { language: 'rust', code: 'let x = 1', tone: 'harshly' });
    await get('review', { language: 'rust' }, -32602);
    await get('review', undefined, -32602);
    await get('greeting');
    await get('raw', { topic: 'tea' });
    await get('pull-request', { repo: 'compiler', branch: 'main' });
    await get('everything');
    await get('refused', undefined, -32602);
    await get('crashed', undefined, leaks('template-store-3', -32603));
    await get('missing', undefined, -32602);
    await complete({ type: 'ref/prompt', name: 'review' }, 'language', 'ty');
    await complete({ type: 'ref/prompt', name: 'review' }, 'language', '');
    await complete({ type: 'ref/prompt', name: 'review' }, 'code', 'x');
    await complete({ type: 'ref/prompt', name: 'review' }, 'unknown', 'x');
    await complete({ type: 'ref/prompt', name: 'pull-request' }, 'repo', 'r');
    await complete({ type: 'ref/prompt', name: 'pull-request' }, 'branch', 'rel', { repo: 'compiler' });
    await complete({ type: 'ref/prompt', name: 'pull-request' }, 'branch', 'rel');
    await complete({ type: 'ref/prompt', name: 'pull-request' }, 'number', '#');
    await complete({ type: 'ref/prompt', name: 'greeting' }, 'any', '');
    await complete({ type: 'ref/prompt', name: 'missing' }, 'any', '', undefined, -32602);
    await peer.call(era, 'tools/call', { name: 'completable-fields' });
    if (era === 'legacy') continue;
    await get('interview', undefined, 'input required');
    const accepted = { topic: { action: 'accept', content: { topic: 'trains' } } };
    await get('interview', undefined, 'result', { inputResponses: accepted });
    const tooLong = { topic: { action: 'accept', content: { topic: 'x'.repeat(41) } } };
    await get('interview', undefined, 'input required', { inputResponses: tooLong });
  }
}
