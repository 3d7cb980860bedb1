/** Rows 62, 66, 67, 69, 73, 84 and 85: registrations as clients send them, and the token endpoint behind one. */
import type { FixtureAnswer, FixtureRequest } from '../kit/fixture-request.ts';
import { at, serverSays, together } from '../kit/oauth-changes.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';

const WRITE = { base: { oauth: true }, doctor: { write: true } };
const REGISTER = /^\/register$/;

type Asked = { redirect_uris: readonly string[]; token_endpoint_auth_method: string };

function refusing(test: (asked: Asked) => boolean, answer: FixtureAnswer) {
  return at(REGISTER, ({ message }) => {
    const asked = message as Asked | undefined;
    return asked?.redirect_uris !== undefined && test(asked) ? answer : undefined;
  });
}

const BAD_REDIRECT = { status: 400, body: { error: 'invalid_redirect_uri', error_description: 'not allowed' } };
const BAD_METADATA = { status: 400, body: { error: 'invalid_client_metadata', error_description: 'not supported' } };

function hasClaude({ redirect_uris: uris }: Asked): boolean {
  return uris.some(uri => uri.startsWith('https://claude.'));
}

function hasLoopback({ redirect_uris: uris }: Asked): boolean {
  return uris.some(uri => uri.startsWith('http://'));
}

/** Without documents, so that nothing but the registration counts. */
const withoutDocuments = serverSays(() => ({ client_id_metadata_document_supported: undefined }));

function withMembers(members: object) {
  return at(REGISTER, async (_, healthy) => {
    const answer = await healthy();
    return answer.status === 201 ? { ...answer, body: { ...(answer.body as object), ...members } } : answer;
  });
}

function refreshed(answer: FixtureAnswer) {
  return at(/^\/token$/, ({ body }: FixtureRequest) =>
    new URLSearchParams(body).get('grant_type') === 'refresh_token' ? answer : undefined,
  );
}

export const REGISTRATION_FAULTS: readonly PlantedFault[] = [
  planted(
    62,
    'registration wants a token of its own',
    together(
      withoutDocuments,
      refusing(() => true, { status: 401, body: { error: 'invalid_token' } }),
    ),
    WRITE,
  ),
  planted(66, 'loopback only', refusing(hasClaude, BAD_REDIRECT), WRITE),
  planted(66, 'in other words', refusing(hasClaude, { status: 403, body: 'Host claude.ai is not allowed' }), WRITE),
  planted(
    66,
    'an empty list of what is allowed',
    refusing(() => true, BAD_REDIRECT),
    WRITE,
  ),
  planted(
    67,
    'none',
    refusing(({ token_endpoint_auth_method: method }) => method === 'none', BAD_METADATA),
    WRITE,
  ),
  planted(
    67,
    'secrets',
    refusing(({ token_endpoint_auth_method: method }) => method !== 'none', BAD_METADATA),
    WRITE,
  ),
  planted(
    69,
    'everything that was not given',
    withMembers({ client_uri: null, logo_uri: null, contacts: null }),
    WRITE,
  ),
  planted(69, 'the secret of a client without one', withMembers({ client_secret_expires_at: null }), WRITE),
  planted(73, 'invalid_token', refreshed({ status: 401, body: { error: 'invalid_token' } }), WRITE),
  planted(73, 'its own words', refreshed({ status: 400, body: { error: 'refresh_token_expired' } }), WRITE),
  planted(73, 'it throws', refreshed({ status: 500, body: { message: 'Internal Server Error' } }), WRITE),
  planted(
    73,
    'to a client that registered with a secret',
    together(
      serverSays(() => ({
        client_id_metadata_document_supported: undefined,
        token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      })),
      refreshed({ status: 400, body: { error: 'invalid_request' } }),
    ),
    WRITE,
  ),
  planted(
    84,
    'because of an application',
    refusing(({ redirect_uris: uris }) => uris.some(uri => uri.includes('vscode.dev')), BAD_REDIRECT),
    WRITE,
  ),
  planted(
    84,
    'because there is more than one',
    refusing(({ redirect_uris: uris }) => uris.length > 1, BAD_METADATA),
    WRITE,
  ),
  planted(85, 'https only', refusing(hasLoopback, BAD_REDIRECT), WRITE),
  planted(
    85,
    'https only, where documents are not taken either',
    together(withoutDocuments, refusing(hasLoopback, BAD_REDIRECT)),
    WRITE,
  ),
];
