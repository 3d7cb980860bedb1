// What looks like a fault of the OAuth stage and is none; each of them is found where it is one (faults/).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DoctorOptions } from '../../src/doctor/doctor.ts';
import type { FixtureAnswer } from './kit/fixture-request.ts';
import { TOKEN } from './kit/healthy-oauth.ts';
import { type HealthyOptions, healthyServer } from './kit/healthy-server.ts';
import { at, challenged, RESOURCE_PLACE, resourceSays, serverSays, together } from './kit/oauth-changes.ts';
import { assertClean, diagnose } from './kit/planted-fault.ts';

const OAUTH = { oauth: true };
const WELL_KNOWN = /^\/\.well-known\//;
const AUTHORIZE = /^\/authorize$/;
const MCP = /^\/mcp\/?$/;

const UPSTREAM = 'GET https://api.example.org/time: 401 Unauthorized (invalid token)';

interface Case extends HealthyOptions {
  readonly doctor?: Partial<DoctorOptions>;
}

function everywhere(answer: FixtureAnswer): HealthyOptions {
  return at(WELL_KNOWN, () => answer);
}

function page(policy: string, body: string): HealthyOptions {
  const headers = { 'Content-Type': 'text/html', 'Content-Security-Policy': policy };
  return { ...OAUTH, ...at(AUTHORIZE, () => ({ headers, body })) };
}

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'ES256' })}.${part(claims)}.c2lnbmF0dXJl`;
}

/** The issuer has a path, and its metadata is where RFC 8414 has it. */
const TENANT = together(
  resourceSays((_, { url }) => ({ authorization_servers: [`${url.origin}/tenant`] })),
  at(/^\/\.well-known\/oauth-authorization-server\/tenant$/, async (request, healthy) => {
    request.url.pathname = '/.well-known/oauth-authorization-server';
    const answer = await healthy();
    return { ...answer, body: { ...(answer.body as object), issuer: `${request.url.origin}/tenant` } };
  }),
);

const LACKING = {
  status: 403,
  headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope", scope="tools:call"' },
  body: { error: 'insufficient_scope', error_description: 'The scope tools:call is required' },
};

const CASES: Readonly<Record<string, Case>> = {
  'no sign-in, and the well-known places ask for one': everywhere({ status: 401 }),
  'no sign-in, and the well-known places take no GET': everywhere({ status: 405, headers: { Allow: 'POST' } }),
  'no sign-in, and the well-known places are empty': everywhere({ status: 200, body: '' }),
  'no sign-in, and the well-known places lead to one for people': everywhere({
    status: 302,
    headers: { Location: '/login?next=%2F' },
  }),
  'sign-in that is offered and not asked for': {
    ...OAUTH,
    ...at(MCP, (request, healthy) => {
      request.headers.authorization ??= `Bearer ${TOKEN}`;
      return healthy();
    }),
  },
  'no sign-in, and a service behind a tool refuses the key of the server': {
    ...at(MCP, ({ message }) =>
      message?.method === 'tools/call' && message.params?.['name'] === 'now'
        ? {
            body: {
              jsonrpc: '2.0',
              id: message.id,
              result: { content: [{ type: 'text', text: UPSTREAM }], isError: true },
            },
          }
        : undefined,
    ),
    doctor: { write: true },
  },
  'at the root of the host': { ...OAUTH, path: '/' },
  'entered with a slash': { ...OAUTH, entered: '/mcp/' },
  'entered with a query': { ...OAUTH, entered: '/mcp?toolsets=all' },
  'an issuer with a path': { ...OAUTH, ...TENANT },
  'OpenID Connect only': { ...OAUTH, ...at(/oauth-authorization-server/, () => ({ status: 404, body: 'Not Found' })) },
  'registration only': {
    ...OAUTH,
    ...serverSays(() => ({ client_id_metadata_document_supported: false, scopes_supported: undefined })),
  },
  'documents only': { ...OAUTH, ...serverSays(() => ({ registration_endpoint: undefined })) },
  'clients without secrets only': {
    ...OAUTH,
    ...serverSays(() => ({ token_endpoint_auth_methods_supported: ['none'] })),
  },
  'clients without secrets, and one way for the others': {
    ...OAUTH,
    ...serverSays(() => ({ token_endpoint_auth_methods_supported: ['client_secret_post', 'none'] })),
  },
  'grants are not listed': { ...OAUTH, ...serverSays(() => ({ grant_types_supported: undefined })) },
  'no scope is named, and a space in front does not matter': {
    ...OAUTH,
    ...together(
      challenged(({ url }) => `Bearer resource_metadata="${url.origin}${RESOURCE_PLACE}/mcp"`),
      resourceSays(() => ({ scopes_supported: undefined })),
    ),
  },
  'a second authorization server that is not there': {
    ...OAUTH,
    ...resourceSays((_, { url }) => ({ authorization_servers: [url.origin, 'http://127.0.0.1:1'] })),
  },
  'the sign-in is elsewhere': {
    ...OAUTH,
    ...at(AUTHORIZE, () => ({ status: 302, headers: { Location: 'https://login.example.org/start?client_id=a' } })),
  },
  'every client is shown a page, known or not': page(
    "frame-ancestors 'none'",
    '<form><button>Continue</button></form>',
  ),
  'a password before the consent': page(
    "form-action 'self'",
    '<form><input type="password"><button>Log in</button></form>',
  ),
  'a page without a form': page("form-action 'self'", '<div id="app"></div><script src="/app.js"></script>'),
  'a form that may lead to Claude': page(
    "form-action 'self' https://claude.ai",
    '<form><button>Approve</button></form>',
  ),
  'a form that may lead anywhere with TLS': page("form-action 'self' https:", '<form><button>Approve</button></form>'),
  'the client is looked for before the form is read': {
    ...OAUTH,
    ...at(/^\/token$/, () => ({ status: 401, body: { error: 'invalid_client' } })),
    doctor: { write: true },
  },
  'a token that has expired': {
    ...OAUTH,
    doctor: { bearer: jwt({ aud: 'https://api.example.org', exp: 1_700_000_000 }) },
  },
  'a token that nobody knows': { ...OAUTH, doctor: { bearer: 'some-other-token' } },
  'a scope that is missing, said as it should be': {
    ...OAUTH,
    ...at(MCP, ({ headers, message }) =>
      headers.authorization === `Bearer ${TOKEN}` && message?.method === 'tools/call' ? LACKING : undefined,
    ),
    doctor: { bearer: TOKEN },
  },
  'a registration that takes the part that it allows': {
    ...OAUTH,
    ...at(/^\/register$/, async (request, healthy) => {
      const asked = request.message as { redirect_uris?: readonly string[] } | undefined;
      const allowed = asked?.redirect_uris?.filter(uri => !uri.includes('insiders')) ?? [];
      Object.assign(request, { message: { ...asked, redirect_uris: allowed } });
      return healthy();
    }),
    doctor: { write: true },
  },
  'with probes that leave state': { ...OAUTH, doctor: { write: true, bearer: TOKEN } },
};

describe('the OAuth stage is silent', () => {
  for (const [name, { doctor, ...options }] of Object.entries(CASES)) {
    test(name, async () => {
      const running = await healthyServer(options);
      try {
        assertClean(await diagnose(running, doctor));
      } finally {
        await running.close();
      }
    });
  }

  test('without sign-in nothing of it is even looked at, but the well-known places', async () => {
    const running = await healthyServer();
    try {
      const { unchecked } = await diagnose(running, { write: true });
      const oauth = unchecked.filter(({ stage }) => stage === 'oauth');
      assert.deepEqual(oauth, []);
      const paths = new Set(running.requests.map(({ url }) => url.pathname));
      for (const path of ['/authorize', '/token', '/register']) assert.ok(!paths.has(path), path);
    } finally {
      await running.close();
    }
  });
});
