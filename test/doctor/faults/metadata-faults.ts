/** Rows 56 to 60: what the metadata says. */
import type { FixtureAnswer } from '../kit/fixture-request.ts';
import { healthyServer } from '../kit/healthy-server.ts';
import { at, challenged, RESOURCE_PLACE, resourceSays, serverSays, together } from '../kit/oauth-changes.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';

const OAUTH = { base: { oauth: true } };
const PUBLIC = { base: { oauth: true, public: {} } };
const MISSING: FixtureAnswer = { status: 404, headers: { 'Content-Type': 'text/plain' }, body: 'Not Found' };

const IDENTITIES: readonly PlantedFault[] = [
  planted(
    56,
    'the origin',
    resourceSays((_, { url }) => ({ resource: url.origin })),
    OAUTH,
  ),
  planted(
    56,
    'another path',
    resourceSays((_, { url }) => ({ resource: `${url.origin}/api/mcp` })),
    OAUTH,
  ),
  planted(
    56,
    'another host',
    resourceSays(() => ({ resource: 'https://mcp.example.org/mcp' })),
    OAUTH,
  ),
  planted(
    56,
    'a slash at its end',
    resourceSays(({ resource }) => ({ resource: `${resource}/` })),
    OAUTH,
  ),
  planted(
    56,
    'missing',
    resourceSays(() => ({ resource: undefined })),
    OAUTH,
  ),
  planted(
    58,
    'a slash at its end',
    serverSays(({ issuer }) => ({ issuer: `${issuer}/` })),
    OAUTH,
  ),
  planted(
    58,
    'a slash in authorization_servers',
    resourceSays((_, { url }) => ({ authorization_servers: [`${url.origin}/`] })),
    OAUTH,
  ),
  planted(
    58,
    'another host',
    serverSays(() => ({ issuer: 'https://auth.example.org' })),
    OAUTH,
  ),
  planted(
    58,
    'missing',
    serverSays(() => ({ issuer: undefined })),
    OAUTH,
  ),
];

/** Port 8080 of the public name is closed; nothing leaves this machine. */
async function behindPort(faulty: boolean) {
  const running = await healthyServer({
    ...PUBLIC.base,
    ...(faulty &&
      serverSays(({ token_endpoint }) => ({ token_endpoint: String(token_endpoint).replace('.com', '.com:8080') }))),
  });
  const closed = { host: 'mcp.example.com', port: 8080, toHost: '127.0.0.1', toPort: 1 };
  return { ...running, doctor: { ...running.doctor, connectTo: [closed, ...(running.doctor.connectTo ?? [])] } };
}

function asHttp(document: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(document).replaceAll('https://', 'http://'));
}

const ADDRESSES: readonly PlantedFault[] = [
  planted(57, 'http everywhere', together(resourceSays(asHttp), serverSays(asHttp)), PUBLIC),
  planted(57, 'http in the metadata of the authorization server', serverSays(asHttp), PUBLIC),
  planted(
    57,
    'http in the 401',
    challenged(() => `Bearer resource_metadata="http://mcp.example.com${RESOURCE_PLACE}/mcp", scope="mcp"`),
    PUBLIC,
  ),
  planted(
    57,
    'the address that the server listens on',
    resourceSays(() => ({ resource: 'http://0.0.0.0:8000/mcp' })),
    PUBLIC,
  ),
  planted(
    57,
    'a name of the inside',
    serverSays(() => ({ token_endpoint: 'https://keycloak:8443/token' })),
    PUBLIC,
  ),
  { row: 57, name: 'a port behind the proxy', start: behindPort },
];

const ORDER: readonly PlantedFault[] = [
  planted(
    59,
    'the first is not there',
    resourceSays((_, { url }) => ({ authorization_servers: ['http://127.0.0.1:1', url.origin] })),
    OAUTH,
  ),
  planted(
    59,
    'the first takes no new clients',
    together(
      resourceSays((_, { url }) => ({ authorization_servers: [`${url.origin}/staff`, url.origin] })),
      at(/^\/\.well-known\/oauth-authorization-server\/staff$/, ({ url }) => ({
        body: {
          issuer: `${url.origin}/staff`,
          authorization_endpoint: `${url.origin}/authorize`,
          token_endpoint: `${url.origin}/token`,
          code_challenge_methods_supported: ['S256'],
          grant_types_supported: ['authorization_code', 'refresh_token'],
        },
      })),
    ),
    OAUTH,
  ),
  planted(
    60,
    'below a path',
    together(
      serverSays((_, { url: { origin } }) => ({
        authorization_endpoint: `${origin}/oauth/authorize`,
        token_endpoint: `${origin}/oauth/token`,
        registration_endpoint: `${origin}/oauth/register`,
      })),
      {
        fault: (request, healthy) => {
          const { url } = request;
          if (/^\/(authorize|token|register)/.test(url.pathname)) return MISSING;
          if (!url.pathname.startsWith('/oauth/')) return undefined;
          url.pathname = url.pathname.slice('/oauth'.length);
          return healthy();
        },
      },
    ),
    OAUTH,
  ),
];

export const METADATA_FAULTS: readonly PlantedFault[] = [...IDENTITIES, ...ADDRESSES, ...ORDER];
