/** What a session is for as long as it lives: everything that `initialize` settled. It travels inside the session's id. */
import { hash } from 'node:crypto';
import type { ClientCapabilities } from '../protocol/capability.ts';
import type { Implementation } from '../protocol/implementation.ts';
import { isPlainObject } from '../protocol/json-rpc.ts';
import type { SessionRef } from '../state/session-store.ts';

export interface SessionFacts extends SessionRef {
  /** The negotiated revision. */
  readonly revision: string;
  readonly clientCapabilities: ClientCapabilities;
  readonly clientInfo: Implementation;
  /** See {@link principalDigest}; undefined for a session that an anonymous caller began. */
  readonly principal: string | undefined;
}

/** Who a session is bound to: 128 bits of a digest, so that the id names nobody. */
export function principalDigest(principal: string | undefined): string | undefined {
  return principal === undefined ? undefined : hash('sha256', principal, 'base64url').slice(0, 22);
}

/** The layout of the members below; another number is another layout. */
const LAYOUT = 1;

/** As an array without names: every character is sent with every request. */
export function encodeFacts(facts: SessionFacts): string {
  const { key, revision, issuedAt, expiresAt, principal, clientCapabilities, clientInfo } = facts;
  return JSON.stringify([
    LAYOUT,
    key,
    revision,
    issuedAt,
    expiresAt,
    principal ?? 0,
    clientCapabilities,
    clientInfo,
  ] satisfies unknown[]);
}

/** @returns undefined for anything that {@link encodeFacts} did not make */
export function decodeFacts(text: string): SessionFacts | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed) || parsed[0] !== LAYOUT) return undefined;
  const [, key, revision, issuedAt, expiresAt, principal, clientCapabilities, clientInfo] = parsed as unknown[];
  if (typeof key !== 'string' || typeof revision !== 'string') return undefined;
  if (typeof issuedAt !== 'number' || typeof expiresAt !== 'number') return undefined;
  if (!isPlainObject(clientCapabilities) || !isPlainObject(clientInfo)) return undefined;
  return {
    key,
    revision,
    issuedAt,
    expiresAt,
    principal: typeof principal === 'string' ? principal : undefined,
    clientCapabilities: clientCapabilities as ClientCapabilities,
    clientInfo: clientInfo as unknown as Implementation,
  };
}
