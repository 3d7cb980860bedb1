/** Row 17: a sign-in for people, with a page and a cookie. */
import { exchanged } from '../../evidence.ts';
import { bareForm } from '../../observations/claude.ts';
import { signInPageOf } from '../../observations/sign-in-page.ts';
import type { Probe } from '../../probe.ts';

export const accessProxy: Probe = {
  name: 'access proxy',
  stage: 'edge',
  rows: [17],
  async run(examination) {
    const exchange = await bareForm(examination);
    const maker = signInPageOf(exchange);
    if (maker === undefined) return [];
    return [{ row: 17, evidence: [exchanged(exchange)], note: `The sign-in is that of ${maker}.` }];
  },
};
