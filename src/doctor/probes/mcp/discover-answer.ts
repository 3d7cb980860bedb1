/** Rows 33 to 36: what `server/discover` is answered with, which a server of any era has to answer somehow. */
import { exchanged, fact } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import { discover, MODERN_REVISION } from '../../observations/discover.ts';
import { type DiscoverRefusal, discoverRefusal } from '../../observations/discover-refusal.ts';
import type { Probe, Sighting } from '../../probe.ts';

const ROWS: Readonly<Record<DiscoverRefusal['kind'], number>> = { refused: 33, 'no-session': 34, unanswered: 36 };

const NOTES = {
  'older revision': 'With an older revision in its header the same method is answered as it should be.',
  session: 'Within a session the same method is answered as it should be.',
} as const;

/** A result that names nothing that a client of 2026-07-28 could speak. */
async function legacyList(examination: Examination): Promise<Sighting | undefined> {
  const { exchange, answer } = await discover(examination);
  if (answer.result === undefined) return undefined;
  const given = answer.result['supportedVersions'];
  const versions = Array.isArray(given) ? given.map(String) : [];
  // Revisions are dates. A later one is not examined here, and yet is none of the past.
  if (versions.some(version => version >= MODERN_REVISION)) return undefined;
  const listed = versions.length === 0 ? 'no revision at all' : versions.join(', ');
  return { row: 35, evidence: [exchanged(exchange), fact(`supportedVersions names ${listed}`)] };
}

export const discoverAnswer: Probe = {
  name: 'server/discover',
  stage: 'mcp',
  rows: [33, 34, 35, 36],
  needs: ['mcp'],
  async run(examination) {
    const list = await legacyList(examination);
    if (list !== undefined) return [list];
    const refusal = await discoverRefusal(examination);
    if (refusal === undefined) return [];
    const { kind, wanted, evidence } = refusal;
    return [{ row: ROWS[kind], evidence, ...(wanted !== undefined && { note: NOTES[wanted] }) }];
  },
};
