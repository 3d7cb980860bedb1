import type { Exchange, Json } from '../exchange.ts';
import { type Changes, legacy, modern, modernRequest } from './message.ts';

const FORM = { capabilities: { elicitation: {} } } as const;
const BAD = { class: 'bad-params' } as const;
const ACCEPTED: Json = { who: { action: 'accept', content: { name: 'Ada' } } };
const STATE_ONLY = modernRequest('tools/call', { name: 'ask-state-only' });
const FIRST_ROUND = modernRequest('tools/call', { name: 'ask-twice' }, FORM);

function ask(
  name: string,
  tool: string,
  params: { readonly [key: string]: Json } = {},
  changes: Changes = {},
): Exchange {
  return modern(name, 'tools/call', { name: tool, ...params }, changes);
}

/** Results that ask for input (2026-07-28, basic/patterns/mrtr). */
export const roundTrips: readonly Exchange[] = [
  ask('ask with elicitation declared', 'ask', {}, FORM),
  ask('ask with form elicitation declared', 'ask', {}, { capabilities: { elicitation: { form: {} } } }),
  ask('ask with url elicitation declared only', 'ask', {}, { ...BAD, capabilities: { elicitation: { url: {} } } }),
  ask('ask without elicitation declared', 'ask', {}, BAD),
  ask('ask for a url with it declared', 'ask-url', {}, { capabilities: { elicitation: { url: {} } } }),
  ask('ask for a url with elicitation declared', 'ask-url', {}, { ...BAD, ...FORM }),
  ask('ask for sampling with it declared', 'ask-sampling', {}, { capabilities: { sampling: {} } }),
  ask('ask for sampling without it', 'ask-sampling', {}, BAD),
  ask('ask for roots with them declared', 'ask-roots', {}, { capabilities: { roots: {} } }),
  ask('ask for roots without them', 'ask-roots', {}, BAD),
  ask('answer accepted', 'ask', { inputResponses: ACCEPTED }, FORM),
  ask('answer declined', 'ask', { inputResponses: { who: { action: 'decline' } } }, FORM),
  ask('answer under another key', 'ask', { inputResponses: { other: { action: 'accept', content: {} } } }, FORM),
  ask(
    'answer beside unknown ones',
    'ask',
    { inputResponses: { who: { action: 'accept', content: { name: 'B' } }, x: { action: 'cancel' } } },
    FORM,
  ),
  ask(
    'answer wrapped in a result',
    'ask',
    { inputResponses: { who: { method: 'elicitation/create', result: {} } } },
    { ...FORM, class: 'odd' },
  ),
  ask('answers that are an array', 'ask', { inputResponses: [] }, { ...FORM, ...BAD }),
  ask('answers that are a string', 'ask', { inputResponses: 'x' }, { ...FORM, ...BAD }),
  ask('a state that is no string', 'ask-state-only', { requestState: 5 }, BAD),
  ask('a state that nobody issued', 'ask-state-only', { requestState: 'forged' }, BAD),
  ask('a state of the empty string', 'ask-state-only', { requestState: '' }, BAD),
  ask('state only', 'ask-state-only'),
  ask('state only, returned', 'ask-state-only', { requestState: '{{requestState}}' }, { before: STATE_ONLY }),
  ask('state only, tampered with', 'ask-state-only', { requestState: '{{tampered}}' }, { ...BAD, before: STATE_ONLY }),
  ask('two rounds, first', 'ask-twice', {}, FORM),
  ask(
    'two rounds, second',
    'ask-twice',
    { requestState: '{{requestState}}', inputResponses: ACCEPTED },
    { ...FORM, before: FIRST_ROUND },
  ),
  ask(
    'two rounds, second without the answer',
    'ask-twice',
    { requestState: '{{requestState}}' },
    { ...FORM, before: FIRST_ROUND },
  ),
  ask(
    'two rounds, second tampered with',
    'ask-twice',
    { requestState: '{{tampered}}', inputResponses: ACCEPTED },
    { ...FORM, ...BAD, before: FIRST_ROUND },
  ),
  legacy('legacy ask without a session', 'tools/call', { name: 'ask' }, { class: 'handler-error' }),
  legacy('legacy prompt ask without a session', 'prompts/get', { name: 'ask' }, { class: 'handler-error' }),
  legacy(
    'legacy call with input responses',
    'tools/call',
    { name: 'echo', arguments: { text: 'hi' }, inputResponses: {} },
    { class: 'odd' },
  ),
];
