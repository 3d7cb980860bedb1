/** Rows 6 and 8: the URL leads elsewhere, and what clients take there is not what they came with. */
import { exchanged } from '../../evidence.ts';
import { bareForm } from '../../observations/claude.ts';
import { addsSlash, isUpgrade, keepsOrigin, type Redirect, redirectOf } from '../../observations/redirect.ts';
import { signInPageOf } from '../../observations/sign-in-page.ts';
import type { Probe, Sighting } from '../../probe.ts';

function isLoop({ from, to }: Redirect): boolean {
  return from.origin === to.origin && from.pathname === to.pathname && from.search === to.search;
}

function noteOf({ from, to }: Redirect): string {
  if (from.hostname !== to.hostname) return `It leads to ${to.host}.`;
  if (from.protocol === to.protocol) return `It leads to another port of the host: ${to.host}.`;
  return `It leads away from https, to ${to.origin}.`;
}

export const redirects: Probe = {
  name: 'redirects',
  stage: 'edge',
  rows: [6, 8],
  async run(examination): Promise<readonly Sighting[]> {
    const exchange = await bareForm(examination);
    const redirect = redirectOf(exchange);
    if (redirect === undefined || signInPageOf(exchange) !== undefined) return [];
    const evidence = [exchanged(exchange)];
    if (isLoop(redirect)) {
      const note =
        'The URL redirects to itself: whatever ends TLS speaks http to a server that sends all http to https.';
      return [{ row: 8, evidence, note }];
    }
    // A slash is another row's, even where it leads through http or another port.
    if (addsSlash(redirect)) return [];
    if (isUpgrade(redirect)) return redirect.losesPost ? [{ row: 8, evidence }] : [];
    if (keepsOrigin(redirect)) return [];
    return [{ row: 6, evidence, note: noteOf(redirect) }];
  },
};
