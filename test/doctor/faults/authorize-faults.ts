/** Rows 64, 65, 77 and 83: who may come to the authorize endpoint, and what page is there. */
import type { FixtureAnswer, FixtureRequest } from '../kit/fixture-request.ts';
import { at, serverSays, together } from '../kit/oauth-changes.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';

const OAUTH = { base: { oauth: true } };
const AUTHORIZE = /^\/authorize$/;
const DOCUMENT = /^https:\/\//;

function forDocuments(answer: (request: FixtureRequest) => FixtureAnswer, ids = DOCUMENT) {
  return at(AUTHORIZE, request =>
    ids.test(request.url.searchParams.get('client_id') ?? '') ? answer(request) : undefined,
  );
}

const NOT_FETCHED = {
  error: 'invalid_client',
  error_description: 'Failed to fetch the client metadata document: expected JSON, got text/html',
};

const DOCUMENTS: readonly PlantedFault[] = [
  planted(
    64,
    'an unknown client',
    forDocuments(() => ({ status: 400, body: { error: 'invalid_client', error_description: 'unknown client_id' } })),
    OAUTH,
  ),
  planted(
    64,
    'every URL that is none of its own is a bad request, on a page',
    at(AUTHORIZE, () => ({ status: 400, headers: { 'Content-Type': 'text/html' }, body: '<h1>Invalid client</h1>' })),
    OAUTH,
  ),
  planted(
    65,
    'it got a page',
    forDocuments(() => ({ status: 400, body: NOT_FETCHED })),
    OAUTH,
  ),
  planted(
    65,
    "only Claude's is not had",
    forDocuments(() => ({ status: 401, body: { error: 'invalid_client' } }), /claude\.ai\/oauth\/mcp-/),
    OAUTH,
  ),
];

function policy(value: string, page = '<form method="post"><button>Approve</button></form>') {
  return at(AUTHORIZE, async ({ method }, healthy) => {
    const answer = await healthy();
    if (method !== 'GET' || answer.status !== undefined) return answer;
    return { ...answer, headers: { ...answer.headers, 'Content-Security-Policy': value }, body: page };
  });
}

const META = '<meta http-equiv="Content-Security-Policy" content="form-action \'self\'">';

const POLICIES: readonly PlantedFault[] = [
  planted(77, "'self' only", policy("default-src 'self'; form-action 'self'; frame-ancestors 'none'"), OAUTH),
  planted(77, "'none'", policy("form-action 'none'"), OAUTH),
  planted(77, "another client's callback", policy("form-action 'self' https://chatgpt.com http://localhost:*"), OAUTH),
  planted(
    77,
    'in the page',
    policy("frame-ancestors 'none'", `${META}<form><button>Allow access</button></form>`),
    OAUTH,
  ),
  planted(
    77,
    'on a page that asks for the password as well',
    policy("form-action 'self'", '<form><input type="password"><button>Authorize</button></form>'),
    OAUTH,
  ),
  planted(
    77,
    'behind a redirect to the page of the consent',
    {
      fault: async ({ url, headers }, healthy) => {
        if (url.pathname === '/consent' && headers.cookie === 'txn=1') {
          const page = { 'Content-Type': 'text/html', 'Content-Security-Policy': "form-action 'self'" };
          return { headers: page, body: '<form method="post"><button>Approve</button></form>' };
        }
        const answer = await healthy();
        if (!AUTHORIZE.test(url.pathname) || answer.status !== undefined) return answer;
        return { status: 302, headers: { Location: '/consent', 'Set-Cookie': 'txn=1; Path=/; HttpOnly' } };
      },
    },
    OAUTH,
  ),
];

/** Compared as text, with what the document or the registration says. */
function strict(answer: (request: FixtureRequest) => FixtureAnswer) {
  return at(AUTHORIZE, request => {
    const redirect = request.url.searchParams.get('redirect_uri') ?? '';
    return /^http:\/\/(localhost|127\.0\.0\.1):(?!3118|33418)\d/.test(redirect) ? answer(request) : undefined;
  });
}

const MISMATCH = { status: 400, body: { error: 'invalid_request', error_description: 'redirect_uri mismatch' } };

const PORTS: readonly PlantedFault[] = [
  planted(
    83,
    'of a client with a document',
    strict(() => MISMATCH),
    OAUTH,
  ),
  planted(
    83,
    '500 in place of a word',
    strict(() => ({ status: 500, body: 'Invalid redirect URI' })),
    OAUTH,
  ),
  planted(
    83,
    'of a client that registered',
    together(
      strict(() => MISMATCH),
      serverSays(() => ({ client_id_metadata_document_supported: undefined })),
    ),
    { ...OAUTH, doctor: { write: true } },
  ),
];

export const AUTHORIZE_FAULTS: readonly PlantedFault[] = [...DOCUMENTS, ...POLICIES, ...PORTS];
