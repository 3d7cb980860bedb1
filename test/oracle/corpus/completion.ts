import type { Exchange, Json } from '../exchange.ts';
import { type Changes, legacy, modern } from './message.ts';

const BAD = { class: 'bad-params' } as const;
const GREET: Json = { type: 'ref/prompt', name: 'greet' };
const PAINT: Json = { type: 'ref/resource', uri: 'paint://{colour}' };

function complete(name: string, ref: Json, argument: Json, changes: Changes = {}, context?: Json): Exchange {
  return modern(name, 'completion/complete', { ref, argument, ...(context === undefined ? {} : { context }) }, changes);
}

function completeLegacy(name: string, ref: Json, argument: Json, changes: Changes = {}): Exchange {
  return legacy(name, 'completion/complete', { ref, argument }, changes);
}

/** `completion/complete` (2026-07-28 and older, server/utilities/completion). */
export const completion: readonly Exchange[] = [
  complete('complete a prompt argument', GREET, { name: 'style', value: 'style-11' }),
  complete('complete with more than 100 values', GREET, { name: 'style', value: '' }),
  complete('complete with a context', GREET, { name: 'town', value: 'x' }, {}, { arguments: { name: 'Ada' } }),
  complete('complete without a context', GREET, { name: 'town', value: 'x' }),
  complete('complete without a match', GREET, { name: 'style', value: 'none' }),
  complete('complete an argument without a completer', GREET, { name: 'name', value: 'A' }),
  complete('complete an unknown argument', GREET, { name: 'none-such', value: 'A' }, { class: 'odd' }),
  complete('complete a template variable', PAINT, { name: 'colour', value: 'g' }),
  complete(
    'complete a fixed resource',
    { type: 'ref/resource', uri: 'config://app' },
    { name: 'x', value: '' },
    {
      class: 'odd',
    },
  ),
  complete('complete an unknown prompt', { type: 'ref/prompt', name: 'none-such' }, { name: 'a', value: '' }, BAD),
  complete('complete a disabled prompt', { type: 'ref/prompt', name: 'off' }, { name: 'a', value: '' }, BAD),
  complete('complete an unknown template', { type: 'ref/resource', uri: 'x://{y}' }, { name: 'y', value: '' }, BAD),
  complete('complete an unknown kind of reference', { type: 'ref/tool', name: 'echo' }, { name: 'a', value: '' }, BAD),
  complete('complete a reference that is a string', 'greet', { name: 'a', value: '' }, BAD),
  complete('complete a value that is a number', GREET, { name: 'style', value: 1 }, BAD),
  modern('complete without an argument', 'completion/complete', { ref: GREET }, BAD),
  modern(
    'complete without the capability',
    'completion/complete',
    { ref: GREET, argument: { name: 'a', value: '' } },
    {
      server: 'bare',
      class: 'bad-method',
    },
  ),
  completeLegacy('legacy complete a prompt argument', GREET, { name: 'style', value: 'style-11' }),
  completeLegacy('legacy complete a template variable', PAINT, { name: 'colour', value: '' }),
  completeLegacy('legacy complete of 2025-03-26', GREET, { name: 'style', value: 's' }, { version: '2025-03-26' }),
  completeLegacy(
    'legacy complete an unknown prompt',
    { type: 'ref/prompt', name: 'none-such' },
    { name: 'a', value: '' },
    BAD,
  ),
  legacy('legacy complete without params', 'completion/complete', undefined, BAD),
  completeLegacy('legacy complete a value that is a number', GREET, { name: 'style', value: 1 }, BAD),
];
