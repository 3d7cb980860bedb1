/** Row 74: the token endpoint reads JSON and no forms. */
import { exchanged } from '../../evidence.ts';
import { describedServer, takesDocuments } from '../../observations/authorization-server.ts';
import { CLAUDE_CALLBACK, CLAUDE_DOCUMENT, CODE_VERIFIER, NO_CLIENT } from '../../observations/sign-in-client.ts';
import { askForToken, type TokenAnswer } from '../../observations/token-endpoint.ts';
import type { Probe } from '../../probe.ts';

/** What a server says that has read the request and looked for the client or the code. */
const UNDERSTOOD = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client']);

function isLost({ exchange, error }: TokenAnswer): boolean {
  const { status = 0 } = exchange.response ?? {};
  return (status === 415 || status === 400 || status === 422 || status === 500) && !UNDERSTOOD.has(error ?? '');
}

export const tokenFormat: Probe = {
  name: 'forms at the token endpoint',
  stage: 'oauth',
  rows: [74],
  needs: ['oauth'],
  async run(examination) {
    const server = await describedServer(examination);
    if (server === undefined) return [];
    const client = { id: takesDocuments(server.document) ? CLAUDE_DOCUMENT : NO_CLIENT };
    const grant = {
      grant_type: 'authorization_code',
      code: 'slipway-doctor-no-such-code',
      redirect_uri: CLAUDE_CALLBACK,
      code_verifier: CODE_VERIFIER,
    };
    const form = await askForToken(examination, client, grant);
    if (form === undefined || !isLost(form)) return [];
    const json = await askForToken(examination, client, grant, 'json');
    if (json === undefined || !UNDERSTOOD.has(json.error ?? '')) return [];
    return [{ row: 74, evidence: [exchanged(form.exchange), exchanged(json.exchange)] }];
  },
};
