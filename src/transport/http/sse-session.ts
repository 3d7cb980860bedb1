/** The facts of one HTTP+SSE client, sealed into the query of the URL that it posts to. */
import type { Keyring } from '../../sealing/keyring.ts';
import { open, seal } from '../../sealing/seal.ts';

export interface SseSession {
  /** Names the stream: its address in the mailbox. Unguessable. */
  readonly key: string;
  /** Digest of whoever opened the stream; undefined for an anonymous caller. */
  readonly principal: string | undefined;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const PURPOSE = 'session-id';
/** Keeps these ids and those of Streamable HTTP sessions apart: neither opens as the other. */
const CONTEXT = 'http+sse';
const MAX_LENGTH = 512;

/** @returns base64url */
export function sealSseSession(keyring: Keyring, { key, principal, issuedAt, expiresAt }: SseSession): string {
  return seal(keyring, PURPOSE, JSON.stringify([key, principal ?? 0, issuedAt, expiresAt]), CONTEXT);
}

/** @returns undefined for everything that was not sealed here; age and principal are for the caller to judge */
export function openSseSession(keyring: Keyring, id: string): SseSession | undefined {
  let facts: unknown;
  try {
    facts = JSON.parse(Buffer.from(open(keyring, PURPOSE, id, CONTEXT, MAX_LENGTH)).toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(facts)) return undefined;
  const [key, principal, issuedAt, expiresAt] = facts as unknown[];
  if (typeof key !== 'string' || typeof issuedAt !== 'number' || typeof expiresAt !== 'number') return undefined;
  return { key, principal: typeof principal === 'string' ? principal : undefined, issuedAt, expiresAt };
}
