/** What stands in front of the server, and what it is made with, as far as its answers tell. */

import type { Front } from '../../fronts/front.ts';
import { FRONTS, frontsOf } from '../../fronts/fronts.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { observation } from '../observation.ts';
import { discoveryProbe, NEUTRAL, runtimeProbe } from './claude.ts';
import { discover } from './discover.ts';
import { metadataAtRoot } from './resource-metadata.ts';

/** Fronts are told by the first lines of their pages. */
const MAX_BODY_CHARS = 8_192;

function seenIn({ response }: Exchange): readonly Front[] {
  if (response === undefined) return [];
  const { headers, text } = response;
  return frontsOf({ get: name => headers.get(name) ?? null }, text.slice(0, MAX_BODY_CHARS));
}

/** A GET as a browser or curl sends it: what refuses it does so in words of its own. */
const plainGet = observation(examination =>
  examination.exchange({
    url: examination.url,
    headers: [
      ['Accept', '*/*'],
      ['User-Agent', NEUTRAL.userAgent],
    ],
    timeoutMs: examination.limits.firstEventMs,
    stop: () => true,
  }),
);

/** The outermost first. Several answers are looked at: a front shows itself where it answers by itself. */
export const fronts = observation(async (examination): Promise<readonly Front[]> => {
  const [get, runtime, first, discovered, metadata] = await Promise.all([
    plainGet(examination),
    runtimeProbe(examination),
    discoveryProbe(examination),
    discover(examination),
    metadataAtRoot(examination),
  ]);
  const seen = new Set([get, runtime, first, discovered.exchange, metadata.exchange].flatMap(seenIn));
  return FRONTS.filter(front => seen.has(front));
});
