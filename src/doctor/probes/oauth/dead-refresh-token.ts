/** Row 73: the error for a refresh token that is dead. */
import { exchanged } from '../../evidence.ts';
import { hostedClient } from '../../observations/known-client.ts';
import { askForToken } from '../../observations/token-endpoint.ts';
import type { Probe } from '../../probe.ts';

/** What says nothing of the token: the client, or the grant as such. */
const OF_OTHERS = new Set([
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'temporarily_unavailable',
]);

export const deadRefreshToken: Probe = {
  name: 'a refresh token that never was',
  stage: 'oauth',
  rows: [73],
  needs: ['oauth', 'write'],
  async run(examination) {
    const known = await hostedClient(examination);
    if (known === undefined) return [];
    const grant = { grant_type: 'refresh_token', refresh_token: 'slipway-doctor-no-such-token' };
    const answer = await askForToken(examination, known.client, grant);
    const response = answer?.exchange.response;
    if (answer === undefined || response === undefined) return [];
    const { status } = response;
    if ([404, 405, 429, 502, 503, 504].includes(status) || OF_OTHERS.has(answer.error ?? '')) return [];
    if (answer.error === 'invalid_grant') return [];
    return [{ row: 73, evidence: [exchanged(answer.exchange)] }];
  },
};
