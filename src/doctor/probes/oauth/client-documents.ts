/** Rows 64 and 65: the authorization server says that it takes client id metadata documents, and does not take Claude's. */
import { exchanged, fact } from '../../evidence.ts';
import { describedServer, takesDocuments, textsIn } from '../../observations/authorization-server.ts';
import { type Authorized, authorize } from '../../observations/authorize.ts';
import {
  CLAUDE_CALLBACK,
  CLAUDE_DOCUMENT,
  NO_CLIENT,
  VSCODE_CALLBACKS,
  VSCODE_DOCUMENT,
} from '../../observations/sign-in-client.ts';
import type { Probe } from '../../probe.ts';

const OF_DOCUMENT = /metadata|document|\bCIMD\b|client_id url/i;
const NOT_HAD =
  /\b(fetch|retriev|download|load|resolv|reach|timed? ?out|html|content[- ]type|pars(e|ing)|json|respon|status)\w*/i;
/** Codes that speak of something else than of the client. */
const OF_OTHERS = new Set([
  'invalid_scope',
  'invalid_target',
  'access_denied',
  'login_required',
  'consent_required',
  'interaction_required',
  'unsupported_response_type',
  'server_error',
  'temporarily_unavailable',
]);

function statusOf({ exchanges }: Authorized): number | undefined {
  return exchanges.at(-1)?.response?.status;
}

export const clientDocuments: Probe = {
  name: "Claude's client id metadata document",
  stage: 'oauth',
  rows: [64, 65],
  needs: ['oauth'],
  async run(examination) {
    const server = await describedServer(examination);
    if (server === undefined || !takesDocuments(server.document)) return [];
    // Without "none" nobody comes with one; that is another row.
    if (!textsIn(server.document['token_endpoint_auth_methods_supported']).includes('none')) return [];
    const claude = await authorize(examination, { clientId: CLAUDE_DOCUMENT, redirectUri: CLAUDE_CALLBACK });
    if (claude?.state !== 'refused' || OF_OTHERS.has(claude.error ?? '')) return [];
    const shown = exchanged(claude.exchanges.at(-1)!);
    const asked = fact(`client_id is ${CLAUDE_DOCUMENT}`);
    const [nobody, other] = await Promise.all([
      authorize(examination, { clientId: NO_CLIENT, redirectUri: CLAUDE_CALLBACK }),
      authorize(examination, { clientId: VSCODE_DOCUMENT, redirectUri: VSCODE_CALLBACKS[1] }),
    ]);
    // Where everybody is let in, or nobody can be told apart, the client is not the matter.
    if (nobody?.state !== 'refused' || nobody.error === 'server_error') return [];
    const said = claude.said.replaceAll(CLAUDE_DOCUMENT, '');
    if (said !== nobody.said.replaceAll(NO_CLIENT, '') && OF_DOCUMENT.test(said) && NOT_HAD.test(said)) {
      return [{ row: 65, evidence: [asked, shown], effect: 'fails' }];
    }
    if (other?.state === 'taken') {
      const evidence = [asked, shown, fact(`the document of VS Code, ${VSCODE_DOCUMENT}, is taken`)];
      return [{ row: 65, evidence, effect: 'fails' }];
    }
    const isUnknown = claude.error === nobody.error && statusOf(claude) === statusOf(nobody);
    if (!isUnknown) return [];
    return [{ row: 64, evidence: [asked, shown, exchanged(nobody.exchanges.at(-1)!)] }];
  },
};
