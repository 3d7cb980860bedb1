/** Names for subjects and sessions that can not be turned back: the same for the same one, as long as the key is. */
import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { AuthInfo } from '../../protocol/auth-info.ts';

/** What is remembered, so that a call pays for a look-up and not for a hash. */
const MAX_REMEMBERED = 4_096;
/** Hexadecimal digits: enough to tell a million subjects apart. */
const LENGTH = 16;

export class IdentityHashes {
  readonly #key: KeyObject;
  readonly #remembered = new Map<string, string>();

  /** @param key of the deployment, so that restarts and other processes use the same names; default: of this process */
  constructor(key: KeyObject = createSecretKey(randomBytes(32))) {
    this.#key = key;
  }

  /** A subject: the client and, where the token names one, its user. */
  ofSubject({ clientId, extra }: AuthInfo): string {
    const subject = extra?.['sub'];
    return this.#of(
      JSON.stringify(typeof subject === 'string' ? ['subject', clientId, subject] : ['client', clientId]),
    );
  }

  ofSession(id: string): string {
    return this.#of(id, 'session ');
  }

  #of(value: string, prefix = ''): string {
    const known = this.#remembered.get(value);
    if (known !== undefined) return known;
    const made = createHmac('sha256', this.#key).update(`${prefix}${value}`).digest('hex').slice(0, LENGTH);
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(value, made);
    return made;
  }
}
