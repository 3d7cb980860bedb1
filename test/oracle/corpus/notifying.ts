import type { Exchange } from '../exchange.ts';
import { legacy, modern } from './message.ts';

const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';

/** Progress and log messages on the stream of a request (2026-07-28, patterns/progress, utilities/logging). */
export const notifying: readonly Exchange[] = [
  modern('progress with a string token', 'tools/call', { name: 'progress' }, { meta: { progressToken: 'p-1' } }),
  modern('progress with a token of zero', 'tools/call', { name: 'progress' }, { meta: { progressToken: 0 } }),
  modern('progress without a token', 'tools/call', { name: 'progress' }),
  modern(
    'progress with a token that is an object',
    'tools/call',
    { name: 'progress' },
    {
      meta: { progressToken: {} },
      class: 'bad-params',
    },
  ),
  modern(
    'progress for a client that takes JSON only',
    'tools/call',
    { name: 'progress' },
    { meta: { progressToken: 'p-1' }, headers: { Accept: 'application/json' }, class: 'odd' },
  ),
  modern('logs without a level', 'tools/call', { name: 'logs' }),
  modern('logs from debug', 'tools/call', { name: 'logs' }, { meta: { [LOG_LEVEL]: 'debug' } }),
  modern('logs from warning', 'tools/call', { name: 'logs' }, { meta: { [LOG_LEVEL]: 'warning' } }),
  modern('logs from emergency', 'tools/call', { name: 'logs' }, { meta: { [LOG_LEVEL]: 'emergency' } }),
  modern(
    'logs from an unknown level',
    'tools/call',
    { name: 'logs' },
    {
      meta: { [LOG_LEVEL]: 'loud' },
      class: 'bad-envelope',
    },
  ),
  modern('enveloped logging/setLevel', 'logging/setLevel', { level: 'info' }, { class: 'bad-method' }),
  legacy('legacy progress', 'tools/call', { name: 'progress' }, { meta: { progressToken: 'p-1' } }),
  legacy('legacy progress with a numeric token', 'tools/call', { name: 'progress' }, { meta: { progressToken: 7 } }),
  legacy(
    'legacy progress of 2025-03-26',
    'tools/call',
    { name: 'progress' },
    {
      meta: { progressToken: 'p' },
      version: '2025-03-26',
    },
  ),
  legacy('legacy logs', 'tools/call', { name: 'logs' }),
  legacy('legacy logging/setLevel', 'logging/setLevel', { level: 'warning' }),
  legacy('legacy logging/setLevel of 2025-06-18', 'logging/setLevel', { level: 'debug' }, { version: '2025-06-18' }),
  legacy('legacy logging/setLevel of 2025-03-26', 'logging/setLevel', { level: 'error' }, { version: '2025-03-26' }),
  legacy('legacy logging/setLevel to an unknown level', 'logging/setLevel', { level: 'loud' }, { class: 'bad-params' }),
  legacy('legacy logging/setLevel without a level', 'logging/setLevel', {}, { class: 'bad-params' }),
  legacy(
    'legacy logging/setLevel without the capability',
    'logging/setLevel',
    { level: 'info' },
    {
      server: 'bare',
      class: 'bad-method',
    },
  ),
];
