/** Row 18: a user and a password are asked for, by the endpoint or by the places of sign-in. */
import { exchanged } from '../../evidence.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { challengesIn } from '../../observations/challenge.ts';
import { anonymousProbe, RUNTIME_INITIALIZE, runtimeProbe } from '../../observations/claude.ts';
import { isThrough } from '../../observations/passage.ts';
import { metadataAtRoot, metadataByPath } from '../../observations/resource-metadata.ts';
import type { Probe, Sighting } from '../../probe.ts';

const OF_USERS = new Set(['basic', 'digest', 'negotiate', 'ntlm']);

/** The scheme, where nothing but users can pass. */
function userScheme({ response }: Exchange): string | undefined {
  if (response?.status !== 401) return undefined;
  const challenges = challengesIn(response.headers.all('www-authenticate'));
  return challenges.every(({ scheme }) => OF_USERS.has(scheme)) ? challenges[0]?.scheme : undefined;
}

function sightingOf(exchange: Exchange, note?: string): Sighting {
  const scheme = userScheme(exchange);
  const other = scheme === 'basic' ? undefined : `The scheme is ${scheme}.`;
  const said = note ?? other;
  return { row: 18, evidence: [exchanged(exchange)], ...(said !== undefined && { note: said }) };
}

export const basicAuthentication: Probe = {
  name: 'Basic authentication',
  stage: 'edge',
  rows: [18],
  async run(examination) {
    const anonymous = await anonymousProbe(examination);
    if (userScheme(anonymous) !== undefined) {
      // Who gave a user and a password, and gets through with them, knows.
      const given = await runtimeProbe(examination);
      return isThrough(given, RUNTIME_INITIALIZE.id) ? [] : [sightingOf(anonymous)];
    }
    if (anonymous.response?.status !== 401) return [];
    const places = await Promise.all([metadataByPath(examination), metadataAtRoot(examination)]);
    const closed = places.find(({ exchange }) => userScheme(exchange) !== undefined);
    return closed === undefined ? [] : [sightingOf(closed.exchange, 'The well-known places ask for it.')];
  },
};
