/** Row 57: URLs in the metadata that are good inside of the server's own network only. */
import { exchanged, fact } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import { authorizationServer, textsIn, webUrl } from '../../observations/authorization-server.ts';
import { isInternalHost } from '../../observations/redirect.ts';
import { bearerChallenge, resourceMetadata } from '../../observations/resource-metadata.ts';
import type { JsonMember } from '../../observations/rpc-answer.ts';
import type { Probe } from '../../probe.ts';

interface NamedUrl {
  readonly member: string;
  readonly url: URL;
}

const SERVER_MEMBERS = ['issuer', 'authorization_endpoint', 'token_endpoint', 'registration_endpoint'] as const;

function named(document: JsonMember | undefined, members: readonly string[]): readonly NamedUrl[] {
  return members.flatMap(member => {
    const given = document?.[member];
    const texts = typeof given === 'string' ? [given] : textsIn(given);
    return texts.flatMap(text => {
      const url = webUrl(text);
      return url === undefined ? [] : [{ member, url }];
    });
  });
}

/** Why nobody from outside gets there; undefined where it is not certain. */
async function wrongWith(examination: Examination, url: URL): Promise<string | undefined> {
  const { url: entered } = examination;
  if (url.protocol === 'http:') return 'is http';
  if (url.hostname === entered.hostname) {
    if (url.port === entered.port) return undefined;
    const { connection } = await examination.exchange({ url, headOnly: true });
    return connection === undefined ? `has port ${url.port || '443'}, which is closed` : undefined;
  }
  return isInternalHost(url.hostname) ? 'is a name that only the inside knows' : undefined;
}

export const publicUrls: Probe = {
  name: 'URLs in the metadata',
  stage: 'oauth',
  rows: [57],
  needs: ['oauth'],
  async run(examination) {
    const { url: entered } = examination;
    // On a machine of one's own http is as it should be.
    if (entered.protocol !== 'https:' || isInternalHost(entered.hostname)) return [];
    const [challenge, resource, server] = await Promise.all([
      bearerChallenge(examination),
      resourceMetadata(examination),
      authorizationServer(examination),
    ]);
    const all = [
      ...named(challenge?.parameters, ['resource_metadata']),
      ...named(resource?.document, ['resource', 'authorization_servers']),
      ...named(server.document, SERVER_MEMBERS),
    ];
    const checked = await Promise.all(all.map(async one => ({ ...one, wrong: await wrongWith(examination, one.url) })));
    const wrong = checked.filter(one => one.wrong !== undefined);
    if (wrong.length === 0) return [];
    const exchange = (server.document && server.asked.at(-1)?.exchange) ?? resource?.exchange;
    const facts = wrong.slice(0, 3).map(one => fact(`${one.member}: ${one.url.href} ${one.wrong}`));
    return [{ row: 57, evidence: [...facts, ...(exchange === undefined ? [] : [exchanged(exchange)])] }];
  },
};
