/** Row 27: how long a stream lives on which nothing is sent. */
import { exchanged, fact } from '../../evidence.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import {
  getStream,
  listenStream,
  openGetStream,
  openListenStream,
  type StreamState,
} from '../../observations/held-stream.ts';
import type { Probe } from '../../probe.ts';

const STREAMING: ReadonlySet<StreamState> = new Set(['flowing', 'idle', 'ended']);

/** Comments and events after the first are signs of life: whatever ended the stream then was no idleness. */
function wasAlive({ response }: Exchange): boolean {
  return (response?.text.match(/^(:|data:)/gm)?.length ?? 0) > 1;
}

export const idleStreams: Probe = {
  name: 'idle streams',
  stage: 'edge',
  rows: [27],
  needs: ['write', 'mcp'],
  last: true,
  holds: true,
  async run(examination) {
    const [get, listen] = await Promise.all([getStream(examination), listenStream(examination)]);
    const known = [listen, get].find(stream => stream !== undefined && STREAMING.has(stream.state));
    if (known === undefined) return [];
    const open = known === listen ? openListenStream : openGetStream;
    const wasCut = known.exchange.response?.end === 'cut';
    const exchange = wasCut
      ? known.exchange
      : await open(examination, known.session, { timeoutMs: examination.limits.holdMs, stop: () => false });
    // What the server ends itself ends in good order.
    if (exchange.response?.end !== 'cut' || wasAlive(exchange)) return [];
    const text = `a stream on which nothing was sent was cut after ${Math.round(exchange.timings.endMs / 1000)} s`;
    return [{ row: 27, evidence: [fact(text), exchanged(exchange)] }];
  },
};
