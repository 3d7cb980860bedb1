/**
 * A message on its way to the process that holds its client's stream. Sealed: it carries the caller's token, which has
 * no business in a store, and nobody who can write to the store can speak for a client.
 */
import type { AuthInfo } from '../../protocol/auth-info.ts';
import type { JSONRPCMessage } from '../../protocol/json-rpc.ts';
import type { Keyring } from '../../sealing/keyring.ts';
import { open, seal } from '../../sealing/seal.ts';
import type { MessageExtraInfo } from '../../server/transport.ts';

export interface Letter {
  readonly message: JSONRPCMessage;
  readonly extra: MessageExtraInfo;
}

const PURPOSE = 'sse-letter';

interface Written {
  readonly message: JSONRPCMessage;
  readonly url: string | undefined;
  readonly headers: readonly [string, string][];
  readonly authInfo: (Omit<AuthInfo, 'resource'> & { resource?: string }) | undefined;
}

/** @param key of the stream's session; the letter opens for that one only */
export function sealLetter(keyring: Keyring, key: string, { message, extra }: Letter): string {
  const { request, authInfo } = extra;
  const { resource, ...token } = authInfo ?? { token: '', clientId: '', scopes: [] };
  const written: Written = {
    message,
    url: request?.url,
    headers: [...(request?.headers ?? [])],
    authInfo: authInfo && { ...token, ...(resource && { resource: resource.href }) },
  };
  return seal(keyring, PURPOSE, JSON.stringify(written), key);
}

/** @returns undefined for everything that {@link sealLetter} did not make for this key */
export function openLetter(keyring: Keyring, key: string, letter: string): Letter | undefined {
  let written: Written;
  try {
    written = JSON.parse(Buffer.from(open(keyring, PURPOSE, letter, key, letter.length)).toString()) as Written;
  } catch {
    return undefined;
  }
  const { message, url, headers, authInfo } = written;
  const { resource, ...token } = authInfo ?? { token: '', clientId: '', scopes: [] };
  return {
    message,
    extra: {
      ...(url !== undefined && { request: new Request(url, { method: 'POST', headers: new Headers([...headers]) }) }),
      ...(authInfo && { authInfo: { ...token, ...(resource !== undefined && { resource: new URL(resource) }) } }),
    },
  };
}
