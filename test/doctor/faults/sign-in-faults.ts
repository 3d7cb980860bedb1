/** Rows 50, 51, 71, 74 and 75: how sign-in is asked for, what is asked for, and what the token endpoint makes of it. */
import type { FixtureAnswer, FixtureRequest } from '../kit/fixture-request.ts';
import { TOOLS } from '../kit/healthy-mcp.ts';
import { at, challenged, RESOURCE_PLACE, resourceSays, serverSays, together } from '../kit/oauth-changes.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';

const AUTHORIZE = /^\/authorize$/;
const OAUTH = { base: { oauth: true } };
const MCP = /^\/mcp\/?$/;
const TOLD = 'You are not signed in. Please sign in at https://app.example.com first.';

function isWithout({ headers, method }: FixtureRequest): boolean {
  return method === 'POST' && headers.authorization === undefined;
}

function rpc(id: unknown, code: number, message: string): object {
  return { jsonrpc: '2.0', id: id ?? null, error: { code, message } };
}

/** Every call of a tool is answered in words, whatever the tool. */
const CALLS = at(MCP, ({ message }) =>
  message?.method === 'tools/call'
    ? { body: { jsonrpc: '2.0', id: message.id, result: { content: [{ type: 'text', text: TOLD }], isError: true } } }
    : undefined,
);

/** Tools that there are. */
const KNOWN_CALLS = at(MCP, ({ message }) => {
  const name = message?.method === 'tools/call' ? message.params?.['name'] : undefined;
  if (!TOOLS.some(tool => tool.name === name)) return undefined;
  return {
    body: { jsonrpc: '2.0', id: message!.id, result: { content: [{ type: 'text', text: TOLD }], isError: true } },
  };
});

const DEMANDS: readonly PlantedFault[] = [
  planted(50, 'every call is told to sign in', CALLS),
  planted(50, 'a tool says so', KNOWN_CALLS, { doctor: { write: true } }),
  planted(
    50,
    'everything is answered with 200 and an error',
    at(MCP, request =>
      isWithout(request)
        ? { body: rpc(request.message?.id, -32001, 'Unauthorized: authentication required') }
        : undefined,
    ),
    OAUTH,
  ),
  planted(
    51,
    'a session is asked for before the token',
    at(MCP, request =>
      isWithout(request) ? { status: 400, body: rpc(null, -32000, 'Bad Request: no valid session') } : undefined,
    ),
    OAUTH,
  ),
  planted(
    51,
    'a missing token is a bad request',
    at(MCP, request =>
      isWithout(request) ? { status: 400, body: { error: 'Missing authorization header' } } : undefined,
    ),
    OAUTH,
  ),
  planted(
    51,
    'the body is looked at first',
    at(MCP, request =>
      isWithout(request) && request.message?.method === undefined
        ? { status: 400, body: rpc(null, -32600, 'Invalid Request') }
        : undefined,
    ),
    OAUTH,
  ),
];

/** Nobody names a scope, and a scope with a space in front is none. */
const NAMELESS = together(
  challenged(({ url }) => `Bearer resource_metadata="${url.origin}${RESOURCE_PLACE}/mcp"`),
  resourceSays(() => ({ scopes_supported: undefined })),
);

const SCOPES: readonly PlantedFault[] = [
  planted(
    71,
    'and a space in front is refused',
    together(
      NAMELESS,
      at(AUTHORIZE, ({ url }) => {
        if (!(url.searchParams.get('scope') ?? '').startsWith(' ')) return undefined;
        return { status: 302, headers: { Location: `${url.searchParams.get('redirect_uri')}?error=invalid_scope` } };
      }),
    ),
    OAUTH,
  ),
  planted(
    71,
    'and whether a space in front is refused can not be seen',
    together(
      NAMELESS,
      serverSays(() => ({ client_id_metadata_document_supported: undefined })),
    ),
    OAUTH,
  ),
];

function jsonOnly(answer: FixtureAnswer) {
  return at(/^\/token$/, (request, healthy) => {
    if (!/json/.test(request.headers['content-type'] ?? '')) return answer;
    request.headers['content-type'] = 'application/x-www-form-urlencoded';
    const form = new URLSearchParams(request.message as Record<string, string>).toString();
    Object.assign(request, { body: form });
    return healthy();
  });
}

const TOKENS: readonly PlantedFault[] = [
  planted(74, '415 for a form', jsonOnly({ status: 415, body: { error: 'unsupported_media_type' } }), OAUTH),
  planted(74, 'a form is empty to it', jsonOnly({ status: 400, body: { error: 'invalid_request' } }), OAUTH),
  planted(
    74,
    'a form throws',
    jsonOnly({ status: 500, headers: { 'Content-Type': 'text/plain' }, body: 'Internal Server Error' }),
    OAUTH,
  ),
];

/** Longer than the doctor waits in these tests; the timer does not keep the process. */
function never(): Promise<FixtureAnswer> {
  return new Promise(resolve => setTimeout(() => resolve({ status: 504 }), 20_000).unref());
}

const PATIENCE = { ...OAUTH, doctor: { limits: { exchangeMs: 700 } } };

const LATENCIES: readonly PlantedFault[] = [
  planted(75, 'the token endpoint', at(/^\/token$/, never), PATIENCE),
  planted(75, 'the metadata of the authorization server', at(/oauth-authorization-server/, never), PATIENCE),
];

export const SIGN_IN_FAULTS: readonly PlantedFault[] = [...DEMANDS, ...SCOPES, ...TOKENS, ...LATENCIES];
