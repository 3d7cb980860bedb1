/** Rows 49 and 52 to 55: where the metadata is, and where it is not. */
import type { FixtureAnswer } from '../kit/fixture-request.ts';
import { at, challenged, RESOURCE_PLACE, resourceSays, together } from '../kit/oauth-changes.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';

const OAUTH = { base: { oauth: true } };
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

export const METADATA_PLACE_FAULTS: readonly PlantedFault[] = [...POINTERS, ...PLACES, ...WITHOUT_SIGN_IN];
