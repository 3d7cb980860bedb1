import type { Difference, Outcome } from '../expectation.ts';
import type { Peer } from '../peer.ts';

const NESTED_DIALECT: Difference = {
  why: 'a wrapped schema keeps its $schema at the root: JSON Schema 2020-12, 8.1.1, forbids it in a subschema',
  sdk: 'result',
  slipway: 'result',
  places: ['/messages/0/result/tools/7/outputSchema/properties/result/$schema'],
};

export async function run(peer: Peer): Promise<void> {
  for (const era of ['modern', 'legacy'] as const) {
    const call = (name: string, args: object, outcome?: Outcome | Difference) =>
      peer.call(era, 'tools/call', { name, arguments: args }, { outcome });
    const get = (name: string, args: object, outcome?: Outcome | Difference) =>
      peer.call(era, 'prompts/get', { name, arguments: args }, { outcome });
    await peer.call(era, 'tools/list', {}, { outcome: era === 'modern' ? 'result' : NESTED_DIALECT });
    await peer.call(era, 'prompts/list');
    await call('arktype', { name: 'Ada' });
    await call('arktype', { name: 'Ada', times: 2 });
    await call('arktype', { name: 'Ada', times: 99 }, 'tool error');
    await call('arktype', {}, 'tool error');
    await call('valibot', { name: 'ada', loud: true });
    await call('valibot', { name: 'a' }, 'tool error');
    await call('json-schema', { name: 'Ada', tags: ['late'] });
    await call('json-schema', { name: 'A' }, 'tool error');
    await call('json-schema', { name: 'Ada', tags: ['never'] }, 'tool error');
    await call('own-validator', { free: 'form' });
    await call('own-validator', { free: 13 }, 'tool error');
    await call('handmade', { n: 21 });
    await call('handmade', { n: 'x' }, 'tool error');
    await call('zod', { mail: 'a@b.example', trimmed: '  x ', nested: { deep: [1, 2] }, unknown: 1 });
    await call('zod', { mail: 'no' }, 'tool error');
    await call('zod', { nested: { deep: [1, -2] } }, 'tool error');
    await call('zod', { kind: 'c', when: 'today', either: true }, 'tool error');
    await call('passing', { known: 'x', more: 1 });
    await call('numbers', {});
    await call('unlisted', {});
    await get('ark', { topic: 'tea' });
    await get('ark', { tone: 'calm' }, -32602);
    await get('zod', { topic: 'tea', size: '3' });
    await get('zod', { topic: 't' }, -32602);
    const ref = { type: 'ref/prompt', name: 'zod' };
    await peer.call(era, 'completion/complete', { ref, argument: { name: 'topic', value: 'te' } });
  }
}
