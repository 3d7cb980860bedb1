import type { Exchange, Json } from '../exchange.ts';
import { type Changes, legacy, modern } from './message.ts';

function listen(name: string, params: { readonly [key: string]: Json }, changes: Changes = {}): Exchange {
  return modern(name, 'subscriptions/listen', params, { closeAfter: 1, ...changes });
}

const BAD = { class: 'bad-params' } as const;

/** `subscriptions/listen` (2026-07-28, basic/patterns/subscriptions): the acknowledgement, then the client leaves. */
export const subscriptions: readonly Exchange[] = [
  listen('listen to tools', { notifications: { toolsListChanged: true } }),
  listen(
    'listen to everything',
    {
      notifications: {
        toolsListChanged: true,
        promptsListChanged: true,
        resourcesListChanged: true,
        resourceSubscriptions: ['config://app'],
      },
    },
    { id: 'sub-1' },
  ),
  listen('listen to nothing', { notifications: {} }, { class: 'odd' }),
  listen('listen to what is refused by a false', { notifications: { toolsListChanged: false } }, { class: 'odd' }),
  listen(
    'listen to prompts of a server without prompts',
    {
      notifications: { promptsListChanged: true, toolsListChanged: true },
    },
    { server: 'bare', class: 'odd' },
  ),
  listen('listen to an unknown kind', { notifications: { acmeChanged: true } }, { class: 'odd' }),
  listen('listen without a filter', {}, BAD),
  listen('listen with a filter that is an array', { notifications: [] }, BAD),
  listen('listen with a filter that is a string', { notifications: 'all' }, BAD),
  listen('listen with a member that is a string', { notifications: { toolsListChanged: 'yes' } }, BAD),
  listen('listen to resources that are no array', { notifications: { resourceSubscriptions: 'config://app' } }, BAD),
  listen('listen without Mcp-Method', { notifications: {} }, { class: 'bad-header', headers: { 'Mcp-Method': null } }),
  legacy('legacy listen', 'subscriptions/listen', { notifications: {} }, { class: 'bad-method', closeAfter: 1 }),
];
