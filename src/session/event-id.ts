/**
 * Event ids (MCP 2025-11-25, basic/transports, "Resumability and Redelivery"): where in which stream of which session.
 * Signed, so that an id of another session, or one made up, is refused before any store is asked.
 */
import type { Keyring } from '../sealing/keyring.ts';
import { openToken, signToken } from '../sealing/sign.ts';

const PURPOSE = 'event-id';
/** Room for the ids of a batch; longer ones are left out of the event id. */
const MAX_REQUESTS = 512;
const MAX_LENGTH = 2048;

/** A place in a stream. */
export interface EventPlace {
  /** The session's key. */
  readonly session: string;
  /** The name of a request's stream; empty for the session's GET stream. */
  readonly stream: string;
  /** A sequence number, or a cursor of the bus. */
  readonly position: string;
  /** The ids of the stream's requests as a JSON array: who has to be told when the stream is lost. */
  readonly requests: string;
}

export function signEventId(keyring: Keyring, { session, stream, position, requests }: EventPlace): string {
  const named = requests.length <= MAX_REQUESTS ? requests : '[]';
  return signToken(keyring, PURPOSE, `${session} ${stream} ${position} ${named}`);
}

/** @returns undefined for an id that was not made here, or for another session */
export function openEventId(keyring: Keyring, id: string, session: string): EventPlace | undefined {
  const payload = openToken(keyring, PURPOSE, id, MAX_LENGTH);
  const parts = payload?.match(/^(\S+) (\S*) (\S+) (.*)$/s);
  if (parts === null || parts === undefined || parts[1] !== session) return undefined;
  return { session, stream: parts[2]!, position: parts[3]!, requests: parts[4]! };
}
