/** Rows 25 and 26: events that do not arrive when they are sent. */
import type { Effect } from '../../catalogue/catalogue-entry.ts';
import { exchanged } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { access } from '../../observations/access.ts';
import {
  getStream,
  type HeldStream,
  isEventStream,
  listenStream,
  openGetStream,
  openListenStream,
  stateOf,
} from '../../observations/held-stream.ts';
import { holdingBack } from '../../observations/holding-back.ts';
import type { Probe, Sighting } from '../../probe.ts';

function codingOf({ response }: Exchange): string | undefined {
  const coding = response?.headers.get('content-encoding')?.trim();
  return isEventStream(response) && coding && coding !== 'identity' ? coding : undefined;
}

/** A stream that is held open and arrives is proof that the compressor lets go of every event. */
function harmOf(stream: HeldStream | undefined): { effect: Effect; note: string } {
  if (stream?.state === 'flowing') return { effect: 'note', note: 'Its events arrive all the same.' };
  if (stream?.state === 'idle') return { effect: 'fails', note: 'Its first event does not arrive.' };
  return { effect: 'risk', note: 'Whether events arrive one by one was not seen: the answer ends with its first.' };
}

async function compressed(examination: Examination): Promise<Sighting | undefined> {
  const [{ exchange }, get, listen] = await Promise.all([
    access(examination),
    getStream(examination),
    listenStream(examination),
  ]);
  const found = [listen?.exchange, get?.exchange, exchange].find(
    one => one !== undefined && codingOf(one) !== undefined,
  );
  if (found === undefined) return undefined;
  // Of the GET stream no event is expected; of the other one is.
  const { effect, note } = harmOf(found === listen?.exchange || get?.state === 'flowing' ? (listen ?? get) : undefined);
  return { row: 26, evidence: [exchanged(found)], effect, note };
}

/** A stream of which nothing arrives, and which arrives where compression is declined. */
async function withoutCompression(examination: Examination, held: HeldStream): Promise<Sighting | undefined> {
  const open = held.method === 'GET' ? openGetStream : openListenStream;
  const timeoutMs = examination.limits.firstEventMs;
  const control = await open(examination, held.session, { timeoutMs, codings: 'identity' });
  const state = stateOf(control);
  if (state !== 'flowing' && !(state === 'idle' && held.state === 'silent' && held.method === 'GET')) return undefined;
  const note = 'Nothing arrives but where the client declines compression.';
  return { row: 26, evidence: [exchanged(held.exchange), exchanged(control)], effect: 'fails', note };
}

export const heldStreams: Probe = {
  name: 'streams through the front',
  stage: 'edge',
  rows: [25, 26],
  needs: ['mcp'],
  async run(examination) {
    const sightings: Sighting[] = [];
    const coded = await compressed(examination);
    if (coded !== undefined) sightings.push(coded);
    const holding = await holdingBack(examination);
    const uncoded = holding && (await withoutCompression(examination, holding.stream));
    if (uncoded !== undefined) sightings.push(uncoded);
    else if (holding?.by === 'front') {
      const { front, evidence } = holding;
      const note =
        front === undefined
          ? 'No front was recognised: it may be the server itself that does not send at once.'
          : `The front is ${front}.`;
      sightings.push({ row: 25, evidence, note });
    }
    return sightings;
  },
};
