/** What a server that serves no 2025 era says to a client of it. */
import { ProtocolError, ProtocolErrorCode, UnsupportedProtocolVersionError } from '../protocol/protocol-error.ts';
import { MODERN_REVISIONS } from '../protocol/revision.ts';

/**
 * Names what is spoken: the only hint that an older client can show its user.
 *
 * @param named the revision that the client asked for, if it is a string
 */
export function legacyRefused(named: unknown): ProtocolError {
  const supported = [...MODERN_REVISIONS];
  if (typeof named === 'string') return new UnsupportedProtocolVersionError({ supported, requested: named });
  const text = 'Unsupported protocol version: the request did not name a protocol version';
  return new ProtocolError(ProtocolErrorCode.UnsupportedProtocolVersion, text, { supported });
}
