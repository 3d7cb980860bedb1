/** Row 55: the server lets everybody in, and the well-known places of its host lead clients to a sign-in all the same. */
import { exchanged } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import { authorizationServer, textsIn, webUrl } from '../../observations/authorization-server.ts';
import { botChallengeOf } from '../../observations/bot-challenge.ts';
import { anonymousProbe, RUNTIME_INITIALIZE } from '../../observations/claude.ts';
import { metadataAtRoot, metadataByPath, type Published, wellKnown } from '../../observations/resource-metadata.ts';
import { rpcAnswer } from '../../observations/rpc-answer.ts';
import type { Probe } from '../../probe.ts';

const SERVER_PLACES = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

/** What the resource metadata of this very endpoint says, with a server that answers: sign-in is offered, not forced. */
async function isOwn(examination: Examination, { document }: Published): Promise<boolean> {
  const resource = webUrl(document?.['resource']);
  if (resource === undefined || textsIn(document?.['authorization_servers']).length === 0) return false;
  const { origin, pathname } = examination.url;
  const path = `${resource.pathname.replace(/\/$/, '')}/`;
  if (resource.origin !== origin || !`${pathname}/`.startsWith(path)) return false;
  return (await authorizationServer(examination)).document !== undefined;
}

/** Not an error in other words, and not a page that guards the host. */
function answersWell({ exchange }: Published): boolean {
  const { response } = exchange;
  return response?.status === 200 && response.text.trim() !== '' && botChallengeOf(exchange) === undefined;
}

/** A document of the kind that was asked for, whosever it is. */
function isMetadata({ document }: Published): boolean {
  return ['authorization_servers', 'resource', 'issuer', 'authorization_endpoint'].some(
    member => document?.[member] !== undefined,
  );
}

export const metadataWithoutSignIn: Probe = {
  name: 'well-known places of a server without sign-in',
  stage: 'oauth',
  rows: [55],
  async run(examination) {
    const anonymous = await anonymousProbe(examination);
    if (rpcAnswer(anonymous, RUNTIME_INITIALIZE.id).result === undefined) return [];
    const places = await Promise.all([
      metadataByPath(examination),
      metadataAtRoot(examination),
      ...SERVER_PLACES.map(place => wellKnown(examination, new URL(place, examination.url))),
    ]);
    const answered = places.filter(answersWell);
    if (answered.length === 0) return [];
    const resource = places.slice(0, 2).find(({ document }) => document !== undefined);
    if (resource !== undefined && (await isOwn(examination, resource))) return [];
    const metadata = answered.filter(isMetadata);
    const shown = metadata.length > 0 ? metadata : answered;
    const evidence = [...new Map(shown.map(one => [one.url, exchanged(one.exchange)])).values()];
    // Most clients take what is no metadata for none.
    return [
      { row: 55, evidence: [...evidence, exchanged(anonymous)], ...(metadata.length === 0 && { effect: 'risk' }) },
    ];
  },
};
