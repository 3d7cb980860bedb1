/** Rows 6, 7, 8 and 11: the URL leads elsewhere, or only its other form is served. */
import type { FixtureAnswer, FixtureRequest } from '../kit/fixture-request.ts';
import { healthyServer } from '../kit/healthy-server.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';
import { behindStarlette, missingStarlette } from '../kit/starlette-front.ts';

function redirectTo(location: string, status = 307): FixtureAnswer {
  return { status, headers: { Location: location, 'Content-Type': 'text/html' }, body: '<html>Moved</html>' };
}

/** Redirects the bare path; everything else is healthy. */
function bare(location: (request: FixtureRequest) => string, status?: number) {
  return {
    fault: (request: FixtureRequest) =>
      request.url.pathname === '/mcp' ? redirectTo(location(request), status) : undefined,
  };
}

const PUBLIC = { base: { public: {} } };

const TO_OTHER_HOST = [301, 302, 307, 308].map(status =>
  planted(
    6,
    `${status} to another host`,
    bare(() => 'https://www.example.com/mcp', status),
  ),
);

const TO_SLASH: readonly PlantedFault[] = [
  ...[301, 302, 303, 307, 308].map(status =>
    planted(
      7,
      `${status} to the path with a slash`,
      bare(({ url }) => `${url.origin}/mcp/`, status),
    ),
  ),
  planted(
    7,
    'a relative redirect to the path with a slash',
    bare(() => '/mcp/'),
  ),
  planted(
    7,
    'a redirect to the path with a slash, by way of http',
    bare(() => 'http://mcp.example.com/mcp/'),
    PUBLIC,
  ),
  planted(
    7,
    'a redirect to the path with a slash, at a port of the inside',
    bare(() => 'http://mcp.example.com:8000/mcp/', 301),
    PUBLIC,
  ),
  planted(
    7,
    'a redirect to the path with a slash, at an address of the inside',
    bare(() => 'http://10.0.0.5:8000/mcp/'),
    PUBLIC,
  ),
  planted(7, 'the bare path is not found', {
    fault: ({ url }) =>
      url.pathname === '/mcp'
        ? { status: 404, headers: { 'Content-Type': 'text/plain' }, body: 'Not Found' }
        : undefined,
  }),
  planted(
    7,
    'the path was entered with its slash',
    bare(({ url }) => `${url.origin}/mcp/`),
    {
      base: { entered: '/mcp/' },
    },
  ),
];

/** http on port 80, which leads to https on 443; what is entered is the one or the other. */
const HTTP_ENTERED: readonly PlantedFault[] = [301, 302].map(status => ({
  row: 8,
  name: `http was entered, and leads to https with ${status}`,
  async start(faulty) {
    if (!faulty) return healthyServer({ public: {} });
    const fault = ({ url }: FixtureRequest) => redirectTo(url.href.replace('http:', 'https:'), status);
    return healthyServer({ public: { scheme: 'http' }, fault });
  },
}));

const LOOPS: readonly PlantedFault[] = [
  planted(
    8,
    'https leads to itself',
    bare(({ url }) => url.href, 301),
    PUBLIC,
  ),
];

const GOOGLE_SIGN_IN =
  'https://accounts.google.com/o/oauth2/v2/auth?client_id=1-a.apps.googleusercontent.com&response_type=code';

function ofOtherTarget(answer: FixtureAnswer) {
  return { fault: ({ url }: FixtureRequest) => (url.pathname === '/mcp' ? answer : undefined) };
}

const MISSED_BY_RULE: readonly PlantedFault[] = [
  planted(
    11,
    'the bare path goes to the default of the load balancer',
    ofOtherTarget({
      status: 404,
      headers: { Server: 'awselb/2.0', 'Content-Type': 'text/plain; charset=utf-8' },
      body: 'Not Found',
    }),
  ),
  planted(
    11,
    'the bare path goes to a backend behind a sign-in for people',
    ofOtherTarget({
      status: 302,
      headers: { Location: GOOGLE_SIGN_IN, 'X-Goog-IAP-Generated-Response': 'true' },
    }),
    { base: { oauth: true } },
  ),
  planted(
    11,
    'the bare path goes to the site',
    ofOtherTarget({ headers: { 'Content-Type': 'text/html' }, body: '<!doctype html><title>Our site</title>' }),
  ),
];

/** The cause of most of row 7. */
const MOUNT: PlantedFault = {
  row: 7,
  name: 'Starlette: Mount("/mcp")',
  skip: missingStarlette(),
  start: async faulty => behindStarlette(await healthyServer(), faulty ? 'mount' : 'route'),
};

export const REDIRECT_FAULTS: readonly PlantedFault[] = [
  ...TO_OTHER_HOST,
  ...TO_SLASH,
  ...HTTP_ENTERED,
  ...LOOPS,
  ...MISSED_BY_RULE,
  MOUNT,
];
