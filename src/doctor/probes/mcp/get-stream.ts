/** Rows 28 to 30: what a GET is answered with. */
import type { Effect } from '../../catalogue/catalogue-entry.ts';
import { exchanged } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import { fronts } from '../../observations/fronts.ts';
import { getStream, type HeldStream } from '../../observations/held-stream.ts';
import { holdingBack } from '../../observations/holding-back.ts';
import type { Probe, Sighting } from '../../probe.ts';

/** Where each open stream is a function that runs, is paid for, and is ended by a time-out. */
const FUNCTIONS = new Set(['Vercel', 'AWS API Gateway']);
/** 405 is what a server without streams says; the others are not about streams. */
const OTHER_STATUSES = new Set([405, 401, 403, 429, 503]);

/** A stream without a session, on which nothing can be sent to anybody in particular. */
async function useless(examination: Examination, { session }: HeldStream): Promise<Effect | undefined> {
  if (session.id !== undefined) return undefined;
  return (await fronts(examination)).some(({ name }) => FUNCTIONS.has(name)) ? 'risk' : 'note';
}

function isMistaken({ state, exchange }: HeldStream): boolean {
  const status = exchange.response?.status ?? 0;
  return state === 'refused' && status >= 200 && !OTHER_STATUSES.has(status) && (status < 300 || status >= 400);
}

export const getStreamAnswer: Probe = {
  name: 'GET stream',
  stage: 'mcp',
  rows: [28, 29, 30],
  needs: ['mcp'],
  async run(examination): Promise<readonly Sighting[]> {
    const stream = await getStream(examination);
    if (stream === undefined) return [];
    const evidence = [exchanged(stream.exchange)];
    if (isMistaken(stream)) return [{ row: 30, evidence }];
    const held = await holdingBack(examination);
    if (stream.state === 'silent' && held?.by === 'server') return [{ row: 28, evidence }];
    if (stream.state !== 'idle') return [];
    const effect = await useless(examination, stream);
    return effect === undefined ? [] : [{ row: 29, evidence, effect }];
  },
};
