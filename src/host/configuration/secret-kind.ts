import { type Kind, Refused } from './kind.ts';

/** As many as a {@link Keyring} asks for. */
export const MIN_SECRET_BYTES = 32;

/** Secrets, always given one by one; no message repeats one. */
export const secretList: Kind<readonly string[]> = {
  allowed: `secrets of at least ${MIN_SECRET_BYTES} bytes each`,
  placeholder: undefined,
  list: true,
  read: secrets => {
    if (!Array.isArray(secrets)) return hidden('something else', `an array of ${secretList.allowed}`);
    if (secrets.length === 0) return hidden('an empty list');
    for (const [index, secret] of secrets.entries()) {
      if (typeof secret !== 'string') return hidden(`something else (secret ${index + 1})`);
      const bytes = Buffer.byteLength(secret);
      if (bytes < MIN_SECRET_BYTES) return hidden(`one of ${bytes} bytes (secret ${index + 1})`);
    }
    return secrets as string[];
  },
};

function hidden(instead: string, allowed?: string): Refused {
  return new Refused(undefined, allowed === undefined ? { instead } : { instead, allowed });
}
