/** What the specification says of its methods, as far as any server needs to know it. */
import type { ServerCapabilities } from '../protocol/capability.ts';

/** Methods that only one era has; MCP 2026-07-28, changelog. */
export const LEGACY_ONLY = new Set([
  'initialize',
  'ping',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
]);
export const MODERN_ONLY = new Set(['server/discover', 'subscriptions/listen']);
export const ASKING = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** Notifications that the server itself handles: they are none that nobody knows. */
export const HANDLED = new Set(['notifications/initialized', 'notifications/cancelled', 'notifications/progress']);

/** Notifications that are told when their request is over: that what a user was sent away for is done. */
export const AFTER_THE_ANSWER = new Set(['notifications/elicitation/complete']);

/** The capability that a method's handler stands for. */
export const NEEDED: ReadonlyMap<string, keyof ServerCapabilities> = new Map([
  ['tools/list', 'tools'],
  ['tools/call', 'tools'],
  ['resources/list', 'resources'],
  ['resources/templates/list', 'resources'],
  ['resources/read', 'resources'],
  ['resources/subscribe', 'resources'],
  ['resources/unsubscribe', 'resources'],
  ['prompts/list', 'prompts'],
  ['prompts/get', 'prompts'],
  ['completion/complete', 'completions'],
  ['logging/setLevel', 'logging'],
]);
