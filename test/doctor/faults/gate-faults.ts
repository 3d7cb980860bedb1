/** Rows 12, 13, 17 to 20 and 24: what stands before the server and lets nobody, or not Claude, through. */
import type { Fault, FixtureAnswer, FixtureRequest } from '../kit/fixture-request.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' };
const PAGE = { 'Content-Type': 'text/html; charset=utf-8' };
const OAUTH = { base: { oauth: true } };

function byAgent(pattern: RegExp, answer: FixtureAnswer, exempt = /^$/): { fault: Fault } {
  return {
    fault: ({ headers, url }) =>
      pattern.test(headers['user-agent'] ?? '') && !exempt.test(url.pathname) ? answer : undefined,
  };
}

const BLOCKED: FixtureAnswer = {
  status: 403,
  headers: { ...TEXT, Server: 'cloudflare' },
  body: 'Your request was blocked.',
};

const AGENTS: readonly PlantedFault[] = [
  planted(12, 'Claude-User is refused', byAgent(/Claude-User/, BLOCKED)),
  planted(
    12,
    'Claude-User is refused, the well-known places are exempt',
    byAgent(/Claude-User/, BLOCKED, /^\/\.well-known/),
    OAUTH,
  ),
  planted(
    12,
    'Claude-User gets the page of a firewall with 200',
    byAgent(/Claude-User/, { headers: PAGE, body: '<html><title>Request Rejected</title>Your support ID is 1</html>' }),
  ),
  planted(
    12,
    'Claude-User gets 406',
    byAgent(/Claude/, { status: 406, headers: PAGE, body: '<h1>Not Acceptable!</h1>Mod_Security' }),
  ),
  planted(12, 'all of Claude is refused', byAgent(/Claude-User|python-httpx/, BLOCKED)),
  planted(12, 'python-httpx is refused', byAgent(/python/, BLOCKED), OAUTH),
  planted(12, 'connections of Claude-User are closed', {
    raw: ({ headers, socket }) => {
      if (headers['user-agent'] !== 'Claude-User') return false;
      socket.destroy();
      return true;
    },
  }),
];

const CHALLENGE_PAGE =
  '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt = {cType: "managed"};</script></body></html>';

function challenge(answer: FixtureAnswer, paths = /./): { fault: Fault } {
  return { fault: ({ url }) => (paths.test(url.pathname) ? answer : undefined) };
}

const CLOUDFLARE: FixtureAnswer = {
  status: 403,
  headers: { ...PAGE, Server: 'cloudflare', 'CF-Mitigated': 'challenge' },
  body: CHALLENGE_PAGE,
};

const CHALLENGES: readonly PlantedFault[] = [
  planted(13, "Cloudflare's, by its header", challenge({ ...CLOUDFLARE, body: '' })),
  planted(13, "Cloudflare's, by its page", challenge({ status: 503, headers: PAGE, body: CHALLENGE_PAGE })),
  planted(
    13,
    "AWS WAF's",
    challenge({ status: 202, headers: { ...PAGE, 'x-amzn-waf-action': 'challenge' }, body: '' }),
  ),
  planted(
    13,
    "Vercel's",
    challenge({
      status: 429,
      headers: { ...PAGE, 'X-Vercel-Mitigated': 'challenge' },
      body: '<title>Vercel Security Checkpoint</title>',
    }),
  ),
  planted(
    13,
    "Imperva's",
    challenge({
      headers: PAGE,
      body: '<html><head><script src="/_Incapsula_Resource?SWJIYLWA=5074"></script></head></html>',
    }),
  ),
  planted(13, "for Claude's user agents", byAgent(/Claude|httpx/, CLOUDFLARE)),
  planted(13, 'before the well-known places only', challenge(CLOUDFLARE, /^\/\.well-known/), OAUTH),
];

/** Before everything. */
function signIn(answer: (request: FixtureRequest) => FixtureAnswer): { fault: Fault } {
  return { fault: answer };
}

function leadsTo(location: string, headers: Record<string, string> = {}): { fault: Fault } {
  return signIn(() => ({ status: 302, headers: { Location: location, ...headers } }));
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

function whereHost(answer: FixtureAnswer): { fault: Fault } {
  return { fault: ({ headers }) => (/^(localhost|127\.0\.0\.1)(:|$)/.test(headers.host ?? '') ? undefined : answer) };
}

const HOST = { base: { public: {} } };
const RPC_REFUSAL = { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'Invalid Host: mcp.example.com' } };

const HOSTS: readonly PlantedFault[] = [
  planted(
    19,
    '421, as the Python SDK answers',
    whereHost({ status: 421, headers: TEXT, body: 'Invalid Host header' }),
    HOST,
  ),
  planted(19, '403 in JSON-RPC, as the TypeScript SDK answers', whereHost({ status: 403, body: RPC_REFUSAL }), HOST),
  planted(
    19,
    '400, as Starlette answers',
    whereHost({ status: 400, headers: TEXT, body: 'Invalid host header' }),
    HOST,
  ),
  planted(
    19,
    '403 with a page, as Vite answers',
    whereHost({ status: 403, headers: TEXT, body: 'Blocked request. This host ("mcp.example.com") is not allowed.' }),
    HOST,
  ),
  planted(19, '403 without a word', whereHost({ status: 403, headers: TEXT, body: 'Forbidden' }), HOST),
  planted(
    19,
    '400 without a word',
    whereHost({ status: 400, headers: PAGE, body: '<h1>Bad Request (400)</h1>' }),
    HOST,
  ),
  planted(19, '421 before sign-in', whereHost({ status: 421, headers: TEXT, body: 'Invalid Host header' }), {
    base: { public: {}, oauth: true },
  }),
];

function withoutOrigin(answer: FixtureAnswer, known = /./): { fault: Fault } {
  return { fault: ({ headers }) => (known.test(headers.origin ?? '') ? undefined : answer) };
}

const ORIGINS: readonly PlantedFault[] = [
  planted(20, '403 without Origin', withoutOrigin({ status: 403, headers: TEXT, body: 'Forbidden' })),
  planted(
    20,
    '403 in JSON-RPC without Origin',
    withoutOrigin({ status: 403, body: { ...RPC_REFUSAL, error: { code: -32000, message: 'Missing Origin' } } }),
  ),
  planted(
    20,
    "400 for all but Claude's origin",
    withoutOrigin({ status: 400, body: { error: 'origin_required' } }, /^https:\/\/claude\.ai$/),
  ),
];

const MISSING = { error: 'invalid_token', error_description: 'Missing Authorization header' };

/** What a server says to which no token comes through. */
function stripped(body: object | string): { fault: Fault } {
  return {
    fault: async (request, healthy) => {
      const answer = await healthy();
      if (request.url.pathname !== '/mcp' || request.method !== 'POST') return answer;
      const { resource_metadata: _, ...headers } = answer.headers ?? {};
      const pointer = `${request.url.origin}/.well-known/oauth-protected-resource/mcp`;
      return {
        status: 401,
        headers: { ...headers, 'WWW-Authenticate': `Bearer resource_metadata="${pointer}", scope="mcp"` },
        body,
      };
    },
  };
}

const STRIPPED: readonly PlantedFault[] = [
  planted(24, 'in the words of the official SDK', stripped(MISSING), OAUTH),
  planted(24, 'in plain text', stripped('No access token was provided'), OAUTH),
];

export const GATE_FAULTS: readonly PlantedFault[] = [
  ...AGENTS,
  ...CHALLENGES,
  ...PROXIES,
  ...PASSWORDS,
  ...HOSTS,
  ...ORIGINS,
  ...STRIPPED,
];
