import type { Exchange } from '../exchange.ts';
import { type Changes, legacy, modern } from './message.ts';

const BAD = { class: 'bad-params' } as const;
const FAILS = { class: 'handler-error' } as const;

function read(name: string, uri: string, changes: Changes = {}): Exchange {
  return modern(name, 'resources/read', { uri }, changes);
}

function readLegacy(name: string, uri: string, changes: Changes = {}): Exchange {
  return legacy(name, 'resources/read', { uri }, changes);
}

/** `resources/*` (2026-07-28 and older, server/resources). */
export const resources: readonly Exchange[] = [
  modern('resources/list', 'resources/list'),
  modern('resources/list with a cursor of the empty string', 'resources/list', { cursor: '' }, { class: 'odd' }),
  modern('resources/list with an unknown cursor', 'resources/list', { cursor: 'none-such' }, BAD),
  modern('resources/list with a cursor that is an object', 'resources/list', { cursor: {} }, BAD),
  modern('resources/list without the capability', 'resources/list', {}, { server: 'bare', class: 'bad-method' }),
  modern('resources/templates/list', 'resources/templates/list'),
  modern('resources/templates/list with a string id', 'resources/templates/list', {}, { id: 't' }),
  modern('resources/templates/list with an unknown cursor', 'resources/templates/list', { cursor: 'none-such' }, BAD),
  modern('resources/templates/list with a cursor that is a boolean', 'resources/templates/list', { cursor: true }, BAD),
  modern(
    'resources/templates/list without the capability',
    'resources/templates/list',
    {},
    {
      server: 'bare',
      class: 'bad-method',
    },
  ),
  read('read text', 'config://app'),
  read('read a blob with a cache hint', 'data://blob'),
  read('read by template', 'paint://red'),
  read('read by template a name with a space', 'paint://light%20red'),
  read('read by template with two variables', 'record://orders/2026/07/1'),
  read('read an unknown resource', 'config://none-such', BAD),
  read('read a disabled resource', 'config://off', BAD),
  read('read a text that is no URI', 'not a uri', BAD),
  read('read an empty URI', '', BAD),
  read('read a resource whose handler reports it missing', 'config://gone', FAILS),
  read('read a resource whose handler refuses', 'config://refused', FAILS),
  read('read a resource whose handler throws', 'config://broken', FAILS),
  modern('read without a URI', 'resources/read', {}, { ...BAD, headers: { 'Mcp-Name': 'config://app' } }),
  modern('read a URI that is a number', 'resources/read', { uri: 7 }, { ...BAD, headers: { 'Mcp-Name': '7' } }),
  legacy('legacy resources/list', 'resources/list', {}),
  legacy('legacy resources/list of 2025-03-26', 'resources/list', {}, { version: '2025-03-26' }),
  legacy('legacy resources/list with a cursor of the empty string', 'resources/list', { cursor: '' }, { class: 'odd' }),
  legacy('legacy resources/list with a cursor that is a number', 'resources/list', { cursor: 1 }, BAD),
  legacy('legacy resources/list without the capability', 'resources/list', {}, { server: 'bare', class: 'bad-method' }),
  legacy('legacy resources/templates/list', 'resources/templates/list', {}),
  legacy('legacy resources/templates/list of 2025-06-18', 'resources/templates/list', {}, { version: '2025-06-18' }),
  legacy('legacy resources/templates/list of 2025-03-26', 'resources/templates/list', {}, { version: '2025-03-26' }),
  legacy('legacy resources/list of 2025-06-18', 'resources/list', {}, { version: '2025-06-18' }),
  legacy(
    'legacy resources/templates/list with a cursor that is a number',
    'resources/templates/list',
    { cursor: 1 },
    BAD,
  ),
  readLegacy('legacy read text', 'config://app'),
  readLegacy('legacy read text of 2025-06-18', 'config://app', { version: '2025-06-18' }),
  readLegacy('legacy read a blob', 'data://blob'),
  readLegacy('legacy read by template', 'paint://red'),
  readLegacy('legacy read an unknown resource', 'config://none-such', BAD),
  readLegacy('legacy read a disabled resource', 'config://off', BAD),
  legacy('legacy read without a URI', 'resources/read', {}, BAD),
  readLegacy('legacy read a resource whose handler reports it missing', 'config://gone', FAILS),
  readLegacy('legacy read a resource whose handler throws', 'config://broken', FAILS),
  legacy('legacy subscribe', 'resources/subscribe', { uri: 'config://app' }, { class: 'bad-method' }),
  legacy('legacy unsubscribe', 'resources/unsubscribe', { uri: 'config://app' }, { class: 'bad-method' }),
  modern('enveloped subscribe', 'resources/subscribe', { uri: 'config://app' }, { class: 'bad-method' }),
  modern('enveloped unsubscribe', 'resources/unsubscribe', { uri: 'config://app' }, { class: 'bad-method' }),
];
