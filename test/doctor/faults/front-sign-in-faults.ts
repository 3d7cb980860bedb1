/** Rows 17, 18 and 24: a front with a sign-in of its own, or one that takes the token away. */
import type { Fault, FixtureAnswer, FixtureRequest } from '../kit/fixture-request.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';

const PAGE = { 'Content-Type': 'text/html; charset=utf-8' };
const OAUTH = { base: { oauth: true } };

/** Before everything. */
function signIn(answer: (request: FixtureRequest) => FixtureAnswer): { fault: Fault } {
  return { fault: answer };
}

function leadsTo(location: string): { fault: Fault } {
  return signIn(() => ({ status: 302, headers: { Location: location } }));
}

const PROXIES: readonly PlantedFault[] = [
  planted(
    17,
    "Cloudflare Access's",
    leadsTo('https://team.cloudflareaccess.com/cdn-cgi/access/login/mcp.example.com?kid=1&redirect_url=%2Fmcp'),
  ),
  planted(
    17,
    "oauth2-proxy's",
    signIn(({ url }) => ({ status: 302, headers: { Location: `${url.origin}/oauth2/start?rd=%2Fmcp` } })),
  ),
  planted(
    17,
    'of a load balancer with OpenID Connect',
    leadsTo(
      'https://login.example.org/oauth2/v1/authorize?client_id=a&response_type=code&redirect_uri=https%3A%2F%2Fmcp.example.com%2Foauth2%2Fidpresponse',
    ),
  ),
  planted(
    17,
    "Google's for programs",
    signIn(() => ({
      status: 401,
      headers: { ...PAGE, 'X-Goog-IAP-Generated-Response': 'true' },
      body: 'Invalid IAP credentials: empty token',
    })),
  ),
  planted(
    17,
    "Vercel's",
    signIn(() => ({
      status: 401,
      headers: { ...PAGE, 'Set-Cookie': '_vercel_sso_nonce=a1b2; Path=/' },
      body: '<!doctype html><title>Authentication Required</title>',
    })),
  ),
  planted(
    17,
    'of the application itself',
    signIn(({ url }) => ({ status: 302, headers: { Location: `${url.origin}/accounts/login/?next=${url.pathname}` } })),
  ),
];

function asks(challenges: string | readonly string[], paths = /./): { fault: Fault } {
  const answer = {
    status: 401,
    headers: { ...PAGE, 'WWW-Authenticate': challenges },
    body: '<html><center><h1>401 Authorization Required</h1></center></html>',
  };
  return { fault: ({ url }) => (paths.test(url.pathname) ? answer : undefined) };
}

const PASSWORDS: readonly PlantedFault[] = [
  planted(18, 'before everything', asks('Basic realm="Restricted"')),
  planted(18, 'before the endpoint', asks('Basic realm="Restricted", charset="UTF-8"', /^\/mcp/)),
  planted(18, 'before the well-known places only', asks('Basic realm="staging"', /^\/\.well-known/), OAUTH),
  planted(18, "Windows'", asks(['Negotiate', 'NTLM'])),
];

const MISSING = { error: 'invalid_token', error_description: 'Missing Authorization header' };

/** What a server says to which no token comes through. */
function stripped(body: object | string): { fault: Fault } {
  return {
    fault: async (request, healthy) => {
      const answer = await healthy();
      if (request.url.pathname !== '/mcp' || request.method !== 'POST') return answer;
      const pointer = `${request.url.origin}/.well-known/oauth-protected-resource/mcp`;
      return {
        status: 401,
        headers: { ...answer.headers, 'WWW-Authenticate': `Bearer resource_metadata="${pointer}", scope="mcp"` },
        body,
      };
    },
  };
}

const STRIPPED: readonly PlantedFault[] = [
  planted(24, 'in the words of the official SDK', stripped(MISSING), OAUTH),
  planted(24, 'in plain text', stripped('No access token was provided'), OAUTH),
];

export const FRONT_SIGN_IN_FAULTS: readonly PlantedFault[] = [...PROXIES, ...PASSWORDS, ...STRIPPED];
