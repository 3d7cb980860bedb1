/**
 * The protocol revisions and the two eras they belong to (MCP 2026-07-28, basic/versioning).
 *
 * Legacy revisions are negotiated once with `initialize`; modern ones travel in the `_meta` of every request.
 */

/** Which of the two ways of speaking MCP a message uses. */
export type ProtocolEra = 'legacy' | 'modern';

export type ModernRevision = '2026-07-28';
export type LegacyRevision = '2025-11-25' | '2025-06-18' | '2025-03-26';

/** Modern revisions that are spoken, newest first. */
export const MODERN_REVISIONS: readonly string[] = ['2026-07-28' satisfies ModernRevision];

/** Legacy revisions with the Streamable HTTP transport, newest first. */
export const LEGACY_REVISIONS: readonly string[] = [
  '2025-11-25',
  '2025-06-18',
  '2025-03-26',
] satisfies LegacyRevision[];

/** The newest revision that `initialize` offers; modern revisions are never offered there. */
export const LATEST_PROTOCOL_VERSION = '2025-11-25';

/** The revision of an HTTP request that names none: the last one that did not require the header. */
export const DEFAULT_NEGOTIATED_PROTOCOL_VERSION = '2025-03-26';

/** The only revision with JSON-RPC batches. */
export const BATCH_REVISION = '2025-03-26';

/** Every revision that `initialize` accepts, newest first. */
export const SUPPORTED_PROTOCOL_VERSIONS: string[] = [...LEGACY_REVISIONS, '2024-11-05', '2024-10-07'];

/** The first revision of the modern era. */
export const FIRST_MODERN_REVISION = '2026-07-28';

/** Whether the revision `version` is modern. Revisions are ISO dates, so they order as strings. */
export function isModernRevision(version: string): boolean {
  return version >= FIRST_MODERN_REVISION;
}

/** The era of the revision `version`. */
export function eraOf(version: string): ProtocolEra {
  return isModernRevision(version) ? 'modern' : 'legacy';
}
