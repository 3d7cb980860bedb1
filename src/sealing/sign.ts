import { createHmac, timingSafeEqual } from 'node:crypto';
import { decodeBase64url } from './base64url.ts';
import type { DerivedKey, Keyring, Purpose } from './keyring.ts';
import { MAX_SEALED_LENGTH } from './seal.ts';

/** 128 of the 256 bits of HMAC-SHA-256: as hard to guess as the keys of most ciphers, at half the length. */
const TAG_BYTES = 16;

function tagOf(key: DerivedKey, payload: string | Uint8Array): Buffer {
  return createHmac('sha256', key.signing).update(payload).digest().subarray(0, TAG_BYTES);
}

function isSigned(keyring: Keyring, purpose: Purpose, payload: string | Uint8Array, tag: Uint8Array): boolean {
  if (tag.byteLength !== TAG_BYTES) return false;
  return keyring.keysFor(purpose).some(key => timingSafeEqual(tagOf(key, payload), tag));
}

/** The tag of a payload: HMAC-SHA-256 cut to 128 bits, 22 characters of base64url. */
export function sign(keyring: Keyring, purpose: Purpose, payload: string): string {
  return tagOf(keyring.currentKey(purpose), payload).toString('base64url');
}

/** Whether `tag` was made by {@link sign} for this payload and purpose, by any key of the ring; in constant time. */
export function verify(keyring: Keyring, purpose: Purpose, payload: string, tag: string): boolean {
  const bytes = typeof tag === 'string' && tag.length <= MAX_SEALED_LENGTH ? decodeBase64url(tag) : undefined;
  return bytes !== undefined && isSigned(keyring, purpose, payload, bytes);
}

/**
 * A payload and its tag in one opaque string (base64url). The payload is protected, not hidden: whoever decodes the
 * token reads it. For secrets there is `seal`.
 */
export function signToken(keyring: Keyring, purpose: Purpose, payload: string): string {
  const body = Buffer.from(payload, 'utf8');
  return Buffer.concat([body, tagOf(keyring.currentKey(purpose), body)]).toString('base64url');
}

/**
 * The payload of a token made by {@link signToken} for this purpose, by any key of the ring.
 *
 * @param token Untrusted.
 * @param maxLength The longest token to look at, in characters.
 * @returns `undefined` for everything that is not ours.
 */
export function openToken(
  keyring: Keyring,
  purpose: Purpose,
  token: string,
  maxLength = MAX_SEALED_LENGTH,
): string | undefined {
  if (typeof token !== 'string' || token.length > maxLength) return undefined;
  const bytes = decodeBase64url(token);
  if (bytes === undefined || bytes.byteLength < TAG_BYTES) return undefined;
  const body = bytes.subarray(0, -TAG_BYTES);
  return isSigned(keyring, purpose, body, bytes.subarray(-TAG_BYTES)) ? body.toString('utf8') : undefined;
}
