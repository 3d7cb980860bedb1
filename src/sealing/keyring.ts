import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { SlipwayError } from '../protocol/coded-error.ts';

/** What a derived key is for. A value made for one purpose never opens under another. */
export type Purpose = 'cursor' | 'request-state' | 'session-id' | 'event-id' | (string & Record<never, never>);

/** The keys that one root secret yields for one purpose. Encryption and signing never share a key. */
export interface DerivedKey {
  /** Names the root secret, not the purpose; 4 bytes, safe to publish. */
  readonly id: Buffer;
  readonly encryption: KeyObject;
  readonly signing: KeyObject;
}

/** Fewer bytes than the hash has (HMAC-SHA-256, RFC 5869) would be the weakest part of every key. */
const MIN_SECRET_BYTES = 32;
const KEY_BYTES = 32;

/** Length of {@link DerivedKey.id}. */
export const KEY_ID_BYTES = 4;

function hkdf(secret: KeyObject, info: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', info, length));
}

class Root {
  readonly id: Buffer;
  readonly #secret: KeyObject;

  constructor(secret: Uint8Array) {
    this.#secret = createSecretKey(secret);
    this.id = hkdf(this.#secret, 'slipway/key-id', KEY_ID_BYTES);
  }

  derive(purpose: Purpose): DerivedKey {
    const bytes = hkdf(this.#secret, `slipway/v1/${purpose}`, 2 * KEY_BYTES);
    return {
      id: this.id,
      encryption: createSecretKey(bytes.subarray(0, KEY_BYTES)),
      signing: createSecretKey(bytes.subarray(KEY_BYTES)),
    };
  }
}

/**
 * The root secrets of a deployment and the keys derived from them, one per purpose (HKDF-SHA-256, RFC 5869, info
 * `slipway/v1/<purpose>`). Everything that Slipway hands to a client and takes back is sealed or signed with one.
 *
 * @example
 * const keyring = Keyring.from([newSecret, oldSecret]);
 */
export class Keyring {
  readonly #roots: readonly Root[];
  readonly #derived = new Map<Purpose, readonly DerivedKey[]>();

  private constructor(roots: readonly Root[]) {
    this.#roots = roots;
  }

  /** A keyring that lives as long as this process: what it seals can not be opened after a restart or elsewhere. */
  static random(): Keyring {
    return new Keyring([new Root(randomBytes(MIN_SECRET_BYTES))]);
  }

  /**
   * A keyring of given secrets. The first seals and signs, all of them open and verify: to rotate, put the new secret
   * in front and drop the old one when everything made with it has expired. When several processes rotate one after the
   * other, add the new secret at the end everywhere first.
   *
   * @param secrets At least one, each at least 32 bytes; a string counts as its UTF-8 bytes.
   * @param option The name of the option in the error, for the reader.
   * @throws SlipwayError `SLIP_INVALID_OPTION` when there is no secret or one is too short.
   */
  static from(secrets: readonly (string | Uint8Array)[], option = 'secrets'): Keyring {
    if (secrets.length === 0) throw new SlipwayError('SLIP_INVALID_OPTION', { option, why: 'it has no secret' });
    const roots = secrets.map((secret, index) => {
      const bytes = typeof secret === 'string' || secret instanceof Uint8Array ? Buffer.from(secret) : undefined;
      if (bytes === undefined || bytes.byteLength < MIN_SECRET_BYTES) {
        const found = bytes === undefined ? 'no string or bytes' : `${bytes.byteLength} bytes`;
        const why = `secret ${index + 1} has ${found}, at least ${MIN_SECRET_BYTES} bytes are needed`;
        throw new SlipwayError('SLIP_INVALID_OPTION', { option, why });
      }
      return new Root(bytes);
    });
    return new Keyring(roots);
  }

  /** The keys of a purpose, the one that seals and signs first. */
  keysFor(purpose: Purpose): readonly DerivedKey[] {
    let keys = this.#derived.get(purpose);
    if (keys === undefined) {
      keys = this.#roots.map(root => root.derive(purpose));
      this.#derived.set(purpose, keys);
    }
    return keys;
  }

  /** The key that seals and signs for a purpose now. */
  currentKey(purpose: Purpose): DerivedKey {
    return this.keysFor(purpose)[0]!;
  }
}
