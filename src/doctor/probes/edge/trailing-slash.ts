/** Rows 7 and 11: the form with a slash is served and the bare one, which Claude asks for, is not. */
import { exchanged } from '../../evidence.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { bareForm, RUNTIME_INITIALIZE, slashedForm } from '../../observations/claude.ts';
import { isHtml } from '../../observations/endpoint-page.ts';
import { isThrough } from '../../observations/passage.ts';
import { addsSlash, type Redirect, redirectOf } from '../../observations/redirect.ts';
import { signInPageOf } from '../../observations/sign-in-page.ts';
import type { Probe, Sighting } from '../../probe.ts';

/** Headers in which servers name themselves. */
const MAKERS = ['server', 'x-powered-by', 'via'] as const;

function noteOf({ from, to }: Redirect): string | undefined {
  if (to.hostname !== from.hostname) return `It even leads to ${to.hostname}, a name of the inside.`;
  if (to.protocol !== from.protocol) return `It even leads to ${to.protocol}//.`;
  return to.port === from.port ? undefined : `It even leads to port ${to.port}.`;
}

/** Whether the two forms are answered by different servers. */
function differInMaker(bare: Exchange, slashed: Exchange): boolean {
  // What MCP servers do not do: the bare form went to a site, or to a sign-in for people.
  if (signInPageOf(bare) !== undefined || (bare.response?.status === 200 && isHtml(bare))) return true;
  return MAKERS.some(name => bare.response?.headers.get(name) !== slashed.response?.headers.get(name));
}

export const trailingSlash: Probe = {
  name: 'trailing slash',
  stage: 'edge',
  rows: [7, 11],
  async run(examination): Promise<readonly Sighting[]> {
    const bare = await bareForm(examination);
    if (bare.response === undefined || isThrough(bare, RUNTIME_INITIALIZE.id)) return [];
    const redirect = redirectOf(bare);
    if (redirect !== undefined && addsSlash(redirect)) {
      const note = noteOf(redirect);
      return [{ row: 7, evidence: [exchanged(bare)], ...(note !== undefined && { note }) }];
    }
    // Other redirects are other rows'; a sign-in for people before the bare form alone is this one.
    if (redirect !== undefined && signInPageOf(bare) === undefined) return [];
    const slashed = await slashedForm(examination);
    if (slashed === undefined || !isThrough(slashed, RUNTIME_INITIALIZE.id)) return [];
    const evidence = [exchanged(bare), exchanged(slashed)];
    if (differInMaker(bare, slashed)) return [{ row: 11, evidence }];
    return [{ row: 7, evidence, note: `The bare path is answered with ${bare.response.status}.` }];
  },
};
