/** Rows 61 to 63, 68, 72 and 82: what the authorization server says that it can. */
import { healthyServer } from '../kit/healthy-server.ts';
import { resourceSays, serverSays } from '../kit/oauth-changes.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';
import { THROW_AWAY } from '../kit/throw-away-ca.ts';

const OAUTH = { base: { oauth: true } };
const NO_DOCUMENTS = { client_id_metadata_document_supported: undefined };

const ENTRA_HOST = 'login.microsoftonline.com';
const RESOURCE_HOST = 'mcp.example.com';
const ISSUER = `https://${ENTRA_HOST}/1f6b2c3d/v2.0`;

/** Under Entra's name, with all that Entra lacks; what matters is whether the scopes are those of the URL. */
async function withEntra(scopes: readonly string[]) {
  const answers = resourceSays(() => ({ authorization_servers: [ISSUER], scopes_supported: scopes }));
  const running = await healthyServer({
    oauth: true,
    public: {
      identity: THROW_AWAY.identity([RESOURCE_HOST, ENTRA_HOST]),
      zone: { [RESOURCE_HOST]: { A: ['52.84.1.1'] }, [ENTRA_HOST]: { A: ['52.84.1.1'] } },
    },
    fault: async (request, healthy) => {
      const { url } = request;
      if (url.hostname !== ENTRA_HOST) return (await answers.fault(request, healthy)) ?? healthy();
      if (!/^\/\.well-known\/.+\/1f6b2c3d\/v2\.0$/.test(url.pathname)) return healthy();
      url.pathname = '/.well-known/oauth-authorization-server';
      const answer = await healthy();
      return { ...answer, body: { ...(answer.body as object), issuer: ISSUER } };
    },
  });
  const [rule] = running.doctor.connectTo!;
  return { ...running, doctor: { ...running.doctor, connectTo: [rule!, { ...rule!, host: ENTRA_HOST }] } };
}

const OWN_SCOPES = [`https://${RESOURCE_HOST}/mcp/access`];

export const SERVER_FAULTS: readonly PlantedFault[] = [
  planted(
    61,
    'not listed',
    serverSays(() => ({ code_challenge_methods_supported: undefined })),
    OAUTH,
  ),
  planted(
    61,
    'plain only',
    serverSays(() => ({ code_challenge_methods_supported: ['plain'] })),
    OAUTH,
  ),
  planted(
    62,
    'neither',
    serverSays(() => ({ ...NO_DOCUMENTS, registration_endpoint: undefined })),
    OAUTH,
  ),
  planted(
    62,
    'documents are not supported, registration is null',
    serverSays(() => ({ client_id_metadata_document_supported: false, registration_endpoint: null })),
    OAUTH,
  ),
  planted(
    63,
    'with secrets only',
    serverSays(() => ({ token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'] })),
    OAUTH,
  ),
  planted(
    63,
    'no methods are listed, and no registration',
    serverSays(() => ({ token_endpoint_auth_methods_supported: undefined, registration_endpoint: undefined })),
    OAUTH,
  ),
  planted(
    68,
    'Basic only',
    serverSays(() => ({ ...NO_DOCUMENTS, token_endpoint_auth_methods_supported: ['client_secret_basic'] })),
    OAUTH,
  ),
  planted(
    68,
    'post and keys only',
    serverSays(() => ({
      ...NO_DOCUMENTS,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    })),
    OAUTH,
  ),
  planted(
    72,
    'codes only',
    serverSays(() => ({ grant_types_supported: ['authorization_code'] })),
    OAUTH,
  ),
  planted(
    72,
    'codes and programs',
    serverSays(() => ({
      grant_types_supported: ['authorization_code', 'client_credentials'],
      scopes_supported: ['mcp'],
    })),
    OAUTH,
  ),
  {
    row: 82,
    name: 'scopes of an Application ID URI that is no URL',
    start: faulty => withEntra(faulty ? ['api://7a1c/access'] : OWN_SCOPES),
  },
  {
    row: 82,
    name: 'scopes that do not tell',
    start: faulty => withEntra(faulty ? ['openid', 'profile'] : OWN_SCOPES),
  },
];
