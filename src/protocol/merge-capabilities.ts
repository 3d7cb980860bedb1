/** Two declarations of capabilities as one. */
import type { ClientCapabilities, ServerCapabilities } from './capability.ts';
import { isPlainObject } from './json-rpc.ts';

/**
 * `base` with `additional` on top. Where both declare a capability as an object, its members are put together, those of
 * `additional` winning; the level below is not looked into. Undefined members of `additional` change nothing.
 */
export function mergeCapabilities(
  base: ServerCapabilities,
  additional: Partial<ServerCapabilities>,
): ServerCapabilities;
export function mergeCapabilities(
  base: ClientCapabilities,
  additional: Partial<ClientCapabilities>,
): ClientCapabilities;
export function mergeCapabilities(base: object, additional: object): object {
  const merged: Record<string, unknown> = { ...base };
  for (const [name, added] of Object.entries(additional)) {
    if (added === undefined) continue;
    const declared = merged[name];
    merged[name] = isPlainObject(declared) && isPlainObject(added) ? { ...declared, ...added } : added;
  }
  return merged;
}
