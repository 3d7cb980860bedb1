/** Row 77: the page that asks for consent does not let its form lead back to Claude. */
import { exchanged, fact } from '../../evidence.ts';
import { authorize } from '../../observations/authorize.ts';
import { blockingPolicy } from '../../observations/form-action.ts';
import { hostedClient } from '../../observations/known-client.ts';
import type { Probe } from '../../probe.ts';

const FORM = /<form\b/i;
const PASSWORD = /<input\b[^>]*type\s*=\s*["']?password/i;
/** What stands on the button of a consent. */
const CONSENT = /(>|value=["'])\s*(approve|allow|authori[sz]e|accept|grant|consent)\b/i;

export const consentPage: Probe = {
  name: 'page of the consent',
  stage: 'oauth',
  rows: [77],
  needs: ['oauth'],
  async run(examination) {
    const known = await hostedClient(examination);
    if (known === undefined) return [];
    const { client, redirectUri } = known;
    const page = (await authorize(examination, { clientId: client.id, redirectUri }))?.page;
    const text = page?.response?.text ?? '';
    if (page === undefined || !FORM.test(text)) return [];
    // Behind a password there may be another page, with a policy of its own.
    if (PASSWORD.test(text) && !CONSENT.test(text)) return [];
    const policy = blockingPolicy(page, new URL(redirectUri));
    if (policy === undefined) return [];
    return [{ row: 77, evidence: [fact(`Content-Security-Policy: ${policy.trim()}`), exchanged(page)] }];
  },
};
