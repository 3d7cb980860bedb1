/**
 * Event ids (MCP 2025-11-25, basic/transports, "Resumability and Redelivery"): where in which stream of which session.
 * The stream is signed, once for all of its events, so that an id of another session, or one made up, is refused before any
 * store is asked. The place in it is not: whoever may read a stream may read it from anywhere.
 */
import type { Keyring } from '../sealing/keyring.ts';
import { openToken, signToken } from '../sealing/sign.ts';

const PURPOSE = 'event-id';
/** The longest list of request ids, as JSON, that an event id carries. Streams of more can not be resumed. */
export const MAX_REQUESTS_LENGTH = 1_200;
const MAX_LENGTH = 2_048;
const POSITION = /^[A-Za-z0-9-]{1,64}$/;

/** A stream, as its event ids name it. */
export interface EventStreamName {
  /** The session's key. */
  readonly session: string;
  /** The name of a request's stream; empty for the session's GET stream. */
  readonly stream: string;
  /** The ids of the stream's requests as a JSON array: who has to be told when the stream is lost. */
  readonly requests: string;
}

/** A place in a stream. */
export interface EventPlace extends EventStreamName {
  /** A sequence number, or a cursor of the bus. */
  readonly position: string;
}

/** Makes the ids of one stream. */
export function eventIdsOf(keyring: Keyring, { session, stream, requests }: EventStreamName) {
  let token: string | undefined;
  return (position: number | string): string => {
    token ??= signToken(keyring, PURPOSE, `${session} ${stream} ${requests}`);
    return `${token}.${position}`;
  };
}

/** @returns undefined for an id that was not made here, or for another session */
export function openEventId(keyring: Keyring, id: string, session: string): EventPlace | undefined {
  const dot = id.lastIndexOf('.');
  const position = id.slice(dot + 1);
  if (dot < 0 || !POSITION.test(position)) return undefined;
  const parts = openToken(keyring, PURPOSE, id.slice(0, dot), MAX_LENGTH)?.match(/^(\S+) (\S*) (.*)$/s);
  if (parts === null || parts === undefined || parts[1] !== session) return undefined;
  return { session, stream: parts[2]!, requests: parts[3]!, position };
}
