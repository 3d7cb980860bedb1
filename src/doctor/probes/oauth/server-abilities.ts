/** Rows 61, 62, 63, 68, 72 and 82: what the authorization server says that it can. */

import type { Evidence } from '../../evidence.ts';
import { exchanged, fact } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import {
  type DescribedServer,
  describedServer,
  takesDocuments,
  takesNewClients,
  textsIn,
  webUrl,
} from '../../observations/authorization-server.ts';
import { bearerChallenge, resourceMetadata } from '../../observations/resource-metadata.ts';
import type { Probe, Sighting } from '../../probe.ts';

function list(value: unknown): string {
  return Array.isArray(value) ? textsIn(value).join(', ') || 'empty' : 'missing';
}

function proof({ asked }: DescribedServer): readonly Evidence[] {
  return [exchanged(asked.at(-1)!.exchange)];
}

function withoutS256(server: DescribedServer): readonly Sighting[] {
  const methods = server.document['code_challenge_methods_supported'];
  if (textsIn(methods).includes('S256')) return [];
  const evidence = [fact(`code_challenge_methods_supported: ${list(methods)}`), ...proof(server)];
  return [{ row: 61, evidence }];
}

function withoutClients(server: DescribedServer): readonly Sighting[] {
  if (takesNewClients(server.document)) return [];
  const note = 'A user who was given a client id can enter it in the settings of the connector.';
  return [{ row: 62, evidence: proof(server), note }];
}

function documentsWithoutNone(server: DescribedServer): readonly Sighting[] {
  const { document } = server;
  const methods = document['token_endpoint_auth_methods_supported'];
  if (!takesDocuments(document) || textsIn(methods).includes('none')) return [];
  const evidence = [fact(`token_endpoint_auth_methods_supported: ${list(methods)}`), ...proof(server)];
  const canRegister = webUrl(document['registration_endpoint']) !== undefined;
  const note = canRegister ? 'Claude registers instead.' : 'There is no registration endpoint either.';
  return [{ row: 63, evidence, note, effect: canRegister ? 'risk' : 'fails' }];
}

function oneWayOnly(server: DescribedServer): readonly Sighting[] {
  const methods = textsIn(server.document['token_endpoint_auth_methods_supported']);
  const secrets = ['client_secret_basic', 'client_secret_post'].filter(method => methods.includes(method));
  if (methods.includes('none') || secrets.length !== 1) return [];
  return [{ row: 68, evidence: [fact(`token_endpoint_auth_methods_supported: ${list(methods)}`), ...proof(server)] }];
}

function withoutRefresh(server: DescribedServer): readonly Sighting[] {
  const grants = server.document['grant_types_supported'];
  if (!Array.isArray(grants) || grants.includes('refresh_token')) return [];
  return [{ row: 72, evidence: [fact(`grant_types_supported: ${list(grants)}`), ...proof(server)] }];
}

/** The whole world, the US government, the older issuer of the same directory. */
const ENTRA = /^(login\.microsoftonline\.(com|us)|login\.windows\.net|sts\.windows\.net)$/;

/** Scopes of the resource itself show that its URL is the Application ID URI. */
async function entra(examination: Examination, server: DescribedServer): Promise<readonly Sighting[]> {
  if (!ENTRA.test(webUrl(server.named)?.hostname ?? '')) return [];
  const published = await resourceMetadata(examination);
  const scopes = [
    ...textsIn(published?.document?.['scopes_supported']),
    ...((await bearerChallenge(examination))?.parameters['scope'] ?? '').split(' '),
  ];
  const { origin } = examination.url;
  if (scopes.some(scope => scope.startsWith(`${origin}/`))) return [];
  const foreign = scopes.find(scope => scope.startsWith('api://'));
  const evidence = [
    fact(`the authorization server is ${server.named}`),
    ...(published === undefined ? [] : [exchanged(published.exchange)]),
  ];
  const note = foreign === undefined ? undefined : `The Application ID URI begins as the scope '${foreign}' does.`;
  return [{ row: 82, evidence, effect: foreign === undefined ? 'risk' : 'fails', ...(note !== undefined && { note }) }];
}

export const serverAbilities: Probe = {
  name: 'abilities of the authorization server',
  stage: 'oauth',
  rows: [61, 62, 63, 68, 72, 82],
  needs: ['oauth'],
  async run(examination) {
    const server = await describedServer(examination);
    if (server === undefined) return [];
    const rules = [withoutS256, withoutClients, documentsWithoutNone, oneWayOnly, withoutRefresh];
    return [...rules.flatMap(rule => rule(server)), ...(await entra(examination, server))];
  },
};
