/** Rows 49 and 52 to 60: what the 401 and the metadata say, and where. */
import type { FixtureAnswer } from '../kit/fixture-request.ts';
import { healthyServer } from '../kit/healthy-server.ts';
import { at, challenged, RESOURCE_PLACE, resourceSays, serverSays, together } from '../kit/oauth-changes.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';

const base = { oauth: true };
const OAUTH = { base };
const PUBLIC = { base: { oauth: true, public: {} } };
const RESOURCE = /^\/\.well-known\/oauth-protected-resource/;
const SERVER = /^\/\.well-known\/(oauth-authorization-server|openid-configuration)/;
const MISSING: FixtureAnswer = { status: 404, headers: { 'Content-Type': 'text/plain' }, body: 'Not Found' };
const PAGE: FixtureAnswer = {
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>Our app</title><div id="root"></div><script src="/index.js"></script>',
};

const bare = challenged(() => 'Bearer');

const POINTERS: readonly PlantedFault[] = [
  planted(
    49,
    '401 without a pointer, and no metadata anywhere',
    together(
      bare,
      at(RESOURCE, () => MISSING),
    ),
    OAUTH,
  ),
  planted(
    49,
    '401 without a challenge, and nothing but errors in JSON',
    together(
      at(/^\/mcp\/?$/, async (_, healthy) => {
        const answer = await healthy();
        return answer.status === 401 ? { ...answer, headers: {} } : answer;
      }),
      at(/^\/\.well-known\//, () => ({ status: 404, body: { error: 'not_found' } })),
    ),
    OAUTH,
  ),
  planted(
    49,
    'the well-known places ask for a token as well',
    together(
      bare,
      at(/^\/\.well-known\//, () => ({ status: 401, headers: { 'WWW-Authenticate': 'Bearer' } })),
    ),
    OAUTH,
  ),
  planted(
    49,
    'the authorization server has no metadata',
    together(
      at(SERVER, () => MISSING),
      at(/^\/authorize$/, () => MISSING),
    ),
    OAUTH,
  ),
  planted(
    49,
    'the authorization server is not there',
    resourceSays(() => ({ authorization_servers: ['http://127.0.0.1:1'] })),
    OAUTH,
  ),
  planted(
    49,
    'the authorization server is no URL',
    resourceSays(() => ({ authorization_servers: ['main'] })),
    OAUTH,
  ),
  planted(
    52,
    'a path',
    challenged(() => `Bearer resource_metadata="${RESOURCE_PLACE}/mcp", scope="mcp"`),
    OAUTH,
  ),
  planted(
    52,
    'a host without a scheme',
    challenged(({ url }) => `Bearer resource_metadata="${url.host}${RESOURCE_PLACE}/mcp", scope="mcp"`),
    OAUTH,
  ),
];

const PLACES: readonly PlantedFault[] = [
  planted(
    53,
    'at the root only',
    at(/^\/\.well-known\/oauth-protected-resource\/mcp$/, () => MISSING),
    OAUTH,
  ),
  planted(
    53,
    'below the path only',
    at(/^\/\.well-known\/oauth-protected-resource$/, () => MISSING),
    OAUTH,
  ),
  planted(
    53,
    'at the root only, and the 401 does not say where',
    together(
      bare,
      at(/^\/\.well-known\/oauth-protected-resource\/mcp$/, () => MISSING),
    ),
    OAUTH,
  ),
  planted(
    54,
    'everywhere',
    together(
      bare,
      at(/^\/\.well-known\//, () => PAGE),
    ),
    OAUTH,
  ),
  planted(
    54,
    'below the path of the endpoint',
    at(/^\/\.well-known\/oauth-protected-resource\/mcp$/, () => PAGE),
    OAUTH,
  ),
  planted(
    54,
    'before the metadata of the authorization server',
    at(/oauth-authorization-server/, () => PAGE),
    OAUTH,
  ),
];

const FOREIGN = { issuer: 'https://shop.example.org', authorization_endpoint: 'https://shop.example.org/authorize' };

const WITHOUT_SIGN_IN: readonly PlantedFault[] = [
  planted(
    55,
    "another application's authorization server",
    at(SERVER, () => ({ body: FOREIGN })),
  ),
  planted(
    55,
    "another application's resource",
    at(/^\/\.well-known\/oauth-protected-resource$/, ({ url }) => ({
      body: { resource: `${url.origin}/api`, authorization_servers: [url.origin] },
    })),
  ),
  planted(
    55,
    'OpenID Connect for people',
    at(/openid-configuration/, () => ({ body: FOREIGN })),
  ),
  planted(
    55,
    'a page at every path',
    at(/^(?!\/mcp)/, ({ method }) => (method === 'GET' ? PAGE : undefined)),
  ),
  planted(
    55,
    'an empty object',
    at(/^\/\.well-known\//, () => ({ body: {} })),
  ),
];

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

export const METADATA_FAULTS: readonly PlantedFault[] = [
  ...POINTERS,
  ...PLACES,
  ...WITHOUT_SIGN_IN,
  ...IDENTITIES,
  ...ADDRESSES,
  ...ORDER,
];
