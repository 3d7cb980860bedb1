import type { Exchange } from '../exchange.ts';
import { modern } from './message.ts';

/** `server/discover` and the choice of a revision (2026-07-28, server/discover and basic/versioning). */
export const discover: readonly Exchange[] = [
  modern('discover', 'server/discover'),
  modern('discover on the mcp path', 'server/discover', {}, { path: '/mcp' }),
  modern('discover of a server with tools only', 'server/discover', {}, { server: 'bare' }),
  modern('discover of a modern-only server', 'server/discover', {}, { server: 'modern-only' }),
  modern('discover with unknown params', 'server/discover', { unknown: [1, 2] }, { class: 'odd' }),
  modern('discover with a string id', 'server/discover', {}, { id: 'probe-1' }),
  modern('discover of a future version', 'server/discover', {}, { version: '2099-01-01', class: 'bad-version' }),
  modern(
    'discover of a past version in the envelope',
    'server/discover',
    {},
    {
      version: '2025-11-25',
      class: 'bad-version',
    },
  ),
  modern('discover of a version that is no date', 'server/discover', {}, { version: 'latest', class: 'bad-version' }),
  modern('discover of an empty version', 'server/discover', {}, { version: '', class: 'bad-version' }),
  modern(
    'discover of a future version without Mcp-Method',
    'server/discover',
    {},
    {
      version: '2099-01-01',
      headers: { 'Mcp-Method': null },
      class: 'bad-version',
    },
  ),
  modern(
    'tools/list of a future version at a modern-only server',
    'tools/list',
    {},
    {
      version: '2099-01-01',
      server: 'modern-only',
      class: 'bad-version',
    },
  ),
];
