/** The protected resource metadata (RFC 9728), at every place where Claude looks for it. */
import type { Examination } from '../examination.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { observation } from '../observation.ts';
import { type Challenge, challengesIn } from './challenge.ts';
import { anonymousProbe, CLAUDE_DISCOVERY } from './claude.ts';
import { type JsonMember, jsonObject } from './rpc-answer.ts';

/** One place. */
export interface Published {
  readonly url: string;
  readonly exchange: Exchange;
  /** The document; absent unless the answer is 200 and a JSON object. */
  readonly document?: JsonMember;
}

/** A well-known document as Claude fetches it: no credentials, no redirect. */
export async function wellKnown(examination: Examination, url: string | URL): Promise<Published> {
  const exchange = await examination.exchange({
    url,
    headers: [
      ['Accept', '*/*'],
      ['Accept-Encoding', 'gzip, deflate'],
      ['User-Agent', CLAUDE_DISCOVERY.userAgent],
      ['MCP-Protocol-Version', CLAUDE_DISCOVERY.revision!],
    ],
  });
  const document = exchange.response?.status === 200 ? jsonObject(exchange.response.text) : undefined;
  return { url: String(url), exchange, ...(document !== undefined && { document }) };
}

/** The `Bearer` challenge of a 401 that came without a token. */
export const bearerChallenge = observation(async (examination): Promise<Challenge | undefined> => {
  const { response } = await anonymousProbe(examination);
  if (response?.status !== 401) return undefined;
  return challengesIn(response.headers.all('www-authenticate')).find(({ scheme }) => scheme === 'bearer');
});

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** `/.well-known/oauth-protected-resource/mcp` for `/mcp`. */
export const metadataByPath = observation(examination => {
  const path = examination.url.pathname.replace(/\/$/, '');
  return wellKnown(examination, new URL(`${WELL_KNOWN}${path}`, examination.url));
});

export const metadataAtRoot = observation(examination => wellKnown(examination, new URL(WELL_KNOWN, examination.url)));

/** Where the challenge points; undefined where it points nowhere, or to no absolute web URL. */
export const metadataByPointer = observation(async (examination): Promise<Published | undefined> => {
  const pointer = (await bearerChallenge(examination))?.parameters['resource_metadata'];
  const url = pointer === undefined ? null : URL.parse(pointer);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  return wellKnown(examination, url);
});

/** Whether it is about a resource at all: some servers answer every path with an object. */
function isAboutResource(document: JsonMember | undefined): boolean {
  return document?.['resource'] !== undefined || Array.isArray(document?.['authorization_servers']);
}

/** The one that Claude goes by: the pointer's, else by path, else at the root. */
export const resourceMetadata = observation(async (examination): Promise<Published | undefined> => {
  for (const place of [metadataByPointer, metadataByPath, metadataAtRoot]) {
    const published = await place(examination);
    if (isAboutResource(published?.document)) return published;
  }
  return undefined;
});
