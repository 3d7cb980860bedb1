import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { SlipwayError } from '../protocol/coded-error.ts';
import { base64urlLength, decodeBase64url } from './base64url.ts';
import { type DerivedKey, KEY_ID_BYTES, type Keyring, type Purpose } from './keyring.ts';

/**
 * A sealed value is, before base64url: version (1) | key id (4) | nonce (12) | ciphertext | tag (16). Version and key
 * id are authenticated together with the context, so not one bit of the whole can change.
 */
const VERSION = 1;
const ALGORITHM = 'aes-256-gcm';
const HEADER_BYTES = 1 + KEY_ID_BYTES;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OVERHEAD_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BYTES;

/** The longest sealed value that {@link open} looks at unless told otherwise, in characters. */
export const MAX_SEALED_LENGTH = 65_536;

/** How many characters a plaintext of `bytes` bytes takes once sealed. */
export function sealedLength(bytes: number): number {
  return base64urlLength(OVERHEAD_BYTES + bytes);
}

function invalid(why: string): SlipwayError {
  return new SlipwayError('SLIP_SEAL_INVALID', { why });
}

function associatedData(header: Uint8Array, context: string): Buffer {
  return Buffer.concat([header, Buffer.from(context, 'utf8')]);
}

/**
 * Encrypts and authenticates (AES-256-GCM with a random 96-bit nonce: change the key within 2^32 values).
 *
 * @param plaintext Bytes, or a string that counts as its UTF-8 bytes.
 * @param context What the value is bound to; opening it needs the same. Not contained in the result.
 * @returns base64url without padding.
 */
export function seal(keyring: Keyring, purpose: Purpose, plaintext: Uint8Array | string, context = ''): string {
  const key = keyring.currentKey(purpose);
  const header = Buffer.concat([Buffer.of(VERSION), key.id]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key.encryption, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(header, context));
  const body = typeof plaintext === 'string' ? Buffer.from(plaintext, 'utf8') : plaintext;
  const ciphertext = cipher.update(body);
  return Buffer.concat([header, nonce, ciphertext, cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

function decrypt(key: DerivedKey, sealed: Buffer, context: string): Buffer | undefined {
  const nonce = sealed.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key.encryption, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData(sealed.subarray(0, HEADER_BYTES), context));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const plaintext = decipher.update(sealed.subarray(HEADER_BYTES + NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([plaintext, decipher.final()]);
  } catch {
    return undefined; // the tag does not match
  }
}

/**
 * Opens what {@link seal} made with the same purpose and context.
 *
 * @param sealed Untrusted; anything at all is answered with the plaintext or the one error below.
 * @param maxLength The longest value to look at, in characters; longer ones are refused unread.
 * @throws SlipwayError `SLIP_SEAL_INVALID` for everything that is not ours, whatever the reason.
 */
export function open(
  keyring: Keyring,
  purpose: Purpose,
  sealed: string,
  context = '',
  maxLength = MAX_SEALED_LENGTH,
): Uint8Array {
  if (typeof sealed !== 'string') throw invalid('it is not a string');
  if (sealed.length > maxLength) throw invalid('it is too long');
  const bytes = decodeBase64url(sealed);
  if (bytes === undefined) throw invalid('it is not base64url');
  if (bytes.byteLength < OVERHEAD_BYTES) throw invalid('it is too short');
  if (bytes[0] !== VERSION) throw invalid('its version is unknown');
  // Key ids are short, so two secrets may share one: every key with the id gets its try.
  for (const key of keyring.keysFor(purpose)) {
    if (bytes.compare(key.id, 0, KEY_ID_BYTES, 1, HEADER_BYTES) !== 0) continue;
    const plaintext = decrypt(key, bytes, context);
    if (plaintext !== undefined) return plaintext;
  }
  throw invalid('no key opens it');
}
