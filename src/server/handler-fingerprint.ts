import { hash } from 'node:crypto';
import type { AnyHandler } from './tool-registration.ts';

const fingerprints = new WeakMap<AnyHandler, string>();

/**
 * Tells one text of a handler from another: a release between two rounds must not continue what its predecessor began.
 * The component's name is not part of it, since a sealed state is bound to the name or URI of its request anyway. What
 * the handler calls is not seen.
 */
export function fingerprintOf(handler: AnyHandler): string {
  let fingerprint = fingerprints.get(handler);
  if (fingerprint === undefined) {
    fingerprint = hash('sha256', Function.prototype.toString.call(handler), 'base64url').slice(0, 16);
    fingerprints.set(handler, fingerprint);
  }
  return fingerprint;
}
