/**
 * Session ids that carry their own facts (MCP 2025-11-25, basic/transports, "Session Management"): sealed, so they are
 * unguessable, say nothing to whoever reads them, and need no memory here. Any process with the key opens them.
 */
import { randomBytes } from 'node:crypto';
import type { ClientCapabilities } from '../protocol/capability.ts';
import type { Implementation } from '../protocol/implementation.ts';
import { isPlainObject } from '../protocol/json-rpc.ts';
import type { Keyring } from '../sealing/keyring.ts';
import { open, seal } from '../sealing/seal.ts';
import { decodeFacts, encodeFacts, type SessionFacts } from './session-facts.ts';

const PURPOSE = 'session-id';
const KEY_BYTES = 16;

/** Longest id: it is sent with every request, and proxies bound a header line at 4 or 8 KiB. */
export const MAX_SESSION_ID_LENGTH = 2048;
/** What one text of a client may take when its facts as a whole are too long. */
const MAX_TEXT = 100;

export function newSessionKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

/** Only what decides what the client can be asked; extensions and experiments are left out. */
function essentialCapabilities({ elicitation, sampling, roots }: ClientCapabilities): ClientCapabilities {
  const flags = (given: unknown, names: readonly string[]) => {
    // From a client, so it may be anything.
    if (!isPlainObject(given)) return undefined;
    return Object.fromEntries(names.filter(name => name in given).map(name => [name, {}]));
  };
  const asked = flags(elicitation, ['form', 'url']);
  const sampled = flags(sampling, ['tools', 'context']);
  return {
    ...(asked && { elicitation: asked }),
    ...(sampled && { sampling: sampled }),
    ...(isPlainObject(roots) && { roots: roots.listChanged === true ? { listChanged: true } : {} }),
  };
}

function essentialInfo({ name, version }: Implementation): Implementation {
  return { name: String(name).slice(0, MAX_TEXT), version: String(version).slice(0, MAX_TEXT) };
}

/**
 * The id of a session. Facts that would make it too long are cut down to what the server acts on.
 *
 * @returns visible ASCII, at most {@link MAX_SESSION_ID_LENGTH} characters
 */
export function sealSessionId(keyring: Keyring, facts: SessionFacts): string {
  const whole = seal(keyring, PURPOSE, encodeFacts(facts));
  if (whole.length <= MAX_SESSION_ID_LENGTH) return whole;
  const clientInfo = essentialInfo(facts.clientInfo);
  const clientCapabilities = essentialCapabilities(facts.clientCapabilities);
  return seal(keyring, PURPOSE, encodeFacts({ ...facts, clientInfo, clientCapabilities }));
}

/**
 * Opens an id, by any key of the ring.
 *
 * @returns undefined for everything that was not sealed here; an expired id is opened: its age is for the caller to judge
 */
export function openSessionId(keyring: Keyring, id: string): SessionFacts | undefined {
  try {
    return decodeFacts(Buffer.from(open(keyring, PURPOSE, id, '', MAX_SESSION_ID_LENGTH)).toString('utf8'));
  } catch {
    return undefined;
  }
}
