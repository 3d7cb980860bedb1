/** The metadata of the authorization server (RFC 8414), at every place where clients look for it. */
import type { Examination } from '../examination.ts';
import { observation } from '../observation.ts';
import { type Published, resourceMetadata, wellKnown } from './resource-metadata.ts';
import type { JsonMember } from './rpc-answer.ts';

export interface AuthorizationServer {
  /** As the resource metadata names it; the origin of the endpoint where that names none, as of 2025-03-26. */
  readonly named: string;
  /** Whether the resource metadata names it. */
  readonly isListed: boolean;
  /** Every place that was asked, in order; the last one has the document, if any has. */
  readonly asked: readonly Published[];
  readonly document?: JsonMember;
}

/** One that has a document. */
export type DescribedServer = AuthorizationServer & { readonly document: JsonMember };

/** Nobody needs more. */
const MAX_SERVERS = 4;

export function webUrl(value: unknown): URL | undefined {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  return url !== null && /^https?:$/.test(url.protocol) ? url : undefined;
}

export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(one => typeof one === 'string') : [];
}

/** RFC 8414, its form for OpenID Connect, and OpenID Connect Discovery itself. */
export function metadataPlaces(issuer: URL): readonly URL[] {
  const path = issuer.pathname.replace(/\/$/, '');
  const forms = [
    `/.well-known/oauth-authorization-server${path}`,
    `/.well-known/openid-configuration${path}`,
    `${path}/.well-known/openid-configuration`,
  ];
  return [...new Set(forms)].map(form => new URL(form, issuer.origin));
}

/** Some servers answer every path with an object. */
function isAboutServer(document: JsonMember): boolean {
  return ['issuer', 'authorization_endpoint', 'token_endpoint'].some(member => document[member] !== undefined);
}

async function described(examination: Examination, named: string, isListed: boolean): Promise<AuthorizationServer> {
  const url = webUrl(named);
  const asked: Published[] = [];
  for (const place of url === undefined ? [] : metadataPlaces(url)) {
    const published = await wellKnown(examination, place);
    asked.push(published);
    const { document } = published;
    if (document !== undefined && isAboutServer(document)) return { named, isListed, asked, document };
    // Nothing behind a host that can not be reached.
    if (published.exchange.connection === undefined) break;
  }
  return { named, isListed, asked };
}

/** All that the resource metadata names, in its order, one at least. */
export const authorizationServers = observation(async (examination): Promise<readonly AuthorizationServer[]> => {
  const named = textsIn((await resourceMetadata(examination))?.document?.['authorization_servers']);
  if (named.length === 0) return [await described(examination, examination.url.origin, false)];
  return Promise.all(named.slice(0, MAX_SERVERS).map(one => described(examination, one, true)));
});

/** The one that clients use: the first. */
export const authorizationServer = observation(
  async (examination): Promise<AuthorizationServer> => (await authorizationServers(examination))[0]!,
);

/** The same, undefined where it has no metadata. */
export const describedServer = observation(async (examination): Promise<DescribedServer | undefined> => {
  const server = await authorizationServer(examination);
  return server.document === undefined ? undefined : { ...server, document: server.document };
});

/** Whether anybody can become a client without being known before. */
export function takesNewClients(document: JsonMember): boolean {
  return webUrl(document['registration_endpoint']) !== undefined || takesDocuments(document);
}

/** Whether it says that it takes client id metadata documents. */
export function takesDocuments(document: JsonMember): boolean {
  return document['client_id_metadata_document_supported'] === true;
}
