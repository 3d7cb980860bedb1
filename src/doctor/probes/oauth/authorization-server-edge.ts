/** Row 15: what stands before the authorization server refuses the voice in which Claude discovers and signs in. */
import { exchanged } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { metadataPlaces, webUrl } from '../../observations/authorization-server.ts';
import { botChallengeOf } from '../../observations/bot-challenge.ts';
import { CLAUDE_DISCOVERY, NEUTRAL } from '../../observations/claude.ts';
import { resourceMetadata } from '../../observations/resource-metadata.ts';
import { type JsonMember, jsonObject } from '../../observations/rpc-answer.ts';
import type { Probe, Sighting } from '../../probe.ts';

type Ask = (userAgent: string) => Promise<Exchange>;

function get(examination: Examination, url: URL): Ask {
  return userAgent =>
    examination.exchange({
      url,
      headers: [
        ['Accept', '*/*'],
        ['Accept-Encoding', 'gzip, deflate'],
        ['User-Agent', userAgent],
      ],
    });
}

/** Without parameters: an error is all that it can be answered with. */
function emptyForm(examination: Examination, url: URL): Ask {
  return userAgent =>
    examination.exchange({
      url,
      method: 'POST',
      headers: [
        ['Accept', 'application/json'],
        ['Accept-Encoding', 'gzip, deflate'],
        ['User-Agent', userAgent],
        ['Content-Type', 'application/x-www-form-urlencoded'],
      ],
      body: 'grant_type=',
    });
}

function documentOf({ response }: Exchange): JsonMember | undefined {
  return response === undefined ? undefined : jsonObject(response.text);
}

/** No document, or a status that says no to who asks rather than to what is asked. */
function isRefusal(exchange: Exchange): boolean {
  return [403, 406, 429, 503].includes(exchange.response?.status ?? 403) || documentOf(exchange) === undefined;
}

/** The same in two names, twice, so that nothing that happens at times only is taken for a rule. */
async function refused(ask: Ask): Promise<Sighting | undefined> {
  const claude = await ask(CLAUDE_DISCOVERY.userAgent);
  const maker = botChallengeOf(claude);
  if (maker !== undefined) {
    return { row: 15, evidence: [exchanged(claude)], note: `It is the challenge of ${maker}.` };
  }
  if (!isRefusal(claude)) return undefined;
  const control = await ask(NEUTRAL.userAgent);
  if (isRefusal(control)) return undefined;
  const again = await ask(CLAUDE_DISCOVERY.userAgent);
  if (!isRefusal(again) || isRefusal(await ask(NEUTRAL.userAgent))) return undefined;
  const note = 'It is python-httpx that is refused, in whose name Claude discovers, registers and fetches tokens.';
  return { row: 15, evidence: [exchanged(claude), exchanged(control)], note };
}

/** The metadata, by anybody who gets it. */
async function metadata(examination: Examination, urls: readonly URL[]): Promise<JsonMember | undefined> {
  for (const url of urls) {
    const exchange = await get(examination, url)(NEUTRAL.userAgent);
    const document = exchange.response?.status === 200 ? documentOf(exchange) : undefined;
    if (document !== undefined) return document;
  }
  return undefined;
}

export const authorizationServerEdge: Probe = {
  name: 'edge of the authorization server',
  stage: 'oauth',
  rows: [15],
  needs: ['oauth'],
  async run(examination) {
    const servers = (await resourceMetadata(examination))?.document?.['authorization_servers'];
    const issuer = webUrl(Array.isArray(servers) ? servers[0] : undefined);
    if (issuer === undefined) return [];
    const urls = metadataPlaces(issuer);
    for (const url of urls) {
      const sighting = await refused(get(examination, url));
      if (sighting !== undefined) return [sighting];
    }
    const token = webUrl((await metadata(examination, urls))?.['token_endpoint']);
    const sighting = token && (await refused(emptyForm(examination, token)));
    return sighting === undefined ? [] : [sighting];
  },
};
