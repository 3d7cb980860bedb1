/** Row 71: no scope is named anywhere, so that Claude asks for ` offline_access`, with a space in front. */
import { exchanged, fact } from '../../evidence.ts';
import { authorize } from '../../observations/authorize.ts';
import { hostedClient } from '../../observations/known-client.ts';
import { requestedScope } from '../../observations/requested-scope.ts';
import type { Probe } from '../../probe.ts';

export const scopes: Probe = {
  name: 'scopes that are named',
  stage: 'oauth',
  rows: [71],
  needs: ['oauth'],
  async run(examination) {
    const { named, isOffline } = await requestedScope(examination);
    if (named.length > 0 || !isOffline) return [];
    const told = fact('neither the 401 nor the resource metadata names a scope, and offline_access is listed');
    const known = await hostedClient(examination);
    if (known === undefined) return [{ row: 71, evidence: [told] }];
    const request = { clientId: known.client.id, redirectUri: known.redirectUri };
    const [asClaude, trimmed] = await Promise.all([
      authorize(examination, { ...request, scope: ' offline_access' }),
      authorize(examination, { ...request, scope: 'offline_access' }),
    ]);
    if (asClaude?.state !== 'refused' || trimmed?.state !== 'taken') return [];
    return [{ row: 71, evidence: [told, exchanged(asClaude.exchanges.at(-1)!)], effect: 'fails' }];
  },
};
