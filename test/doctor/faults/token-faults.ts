/** Rows 78 to 81: what becomes of a token that was issued. */
import type { FixtureAnswer, FixtureRequest } from '../kit/fixture-request.ts';
import { TOKEN } from '../kit/healthy-oauth.ts';
import { healthyServer } from '../kit/healthy-server.ts';
import { at, RESOURCE_PLACE } from '../kit/oauth-changes.ts';
import { type PlantedFault, planted } from '../kit/planted-fault.ts';

const BEARER = { base: { oauth: true }, doctor: { bearer: TOKEN } };
const MCP = /^\/mcp\/?$/;

type Refusal = (request: FixtureRequest) => FixtureAnswer | undefined;

function challenge({ url }: FixtureRequest, parameters: string): Record<string, string> {
  const pointer = `resource_metadata="${url.origin}${RESOURCE_PLACE}/mcp"`;
  return {
    'WWW-Authenticate': `Bearer ${parameters}, ${pointer}`,
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'WWW-Authenticate',
  };
}

function invalid(description: string, status = 401): Refusal {
  return request => ({
    status,
    headers: challenge(request, `error="invalid_token", error_description="${description}"`),
    body: { error: 'invalid_token', error_description: description },
  });
}

/** Whoever comes with the token. */
function refused(refusal: Refusal) {
  return at(MCP, request => (request.headers.authorization === `Bearer ${TOKEN}` ? refusal(request) : undefined));
}

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'ES256', typ: 'at+jwt' })}.${part(claims)}.c2lnbmF0dXJl`;
}

/** With a token that is a JWT; the healthy server takes it for its own. */
function withJwt(row: number, name: string, claims: object, refusal: Refusal): PlantedFault {
  const token = jwt(claims);
  return {
    row,
    name,
    doctor: { bearer: token },
    start: faulty =>
      healthyServer({
        oauth: true,
        fault: async (request, healthy) => {
          if (request.headers.authorization !== `Bearer ${token}`) return healthy();
          const answer = faulty && MCP.test(request.url.pathname) ? refusal(request) : undefined;
          if (answer !== undefined) return answer;
          request.headers.authorization = `Bearer ${TOKEN}`;
          return healthy();
        },
      }),
  };
}

const FOREIGN_AUDIENCE = { iss: 'https://auth.example.org', aud: 'https://api.example.org', scope: 'mcp' };

function onCall(answer: (request: FixtureRequest) => FixtureAnswer) {
  return at(MCP, request => {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return undefined;
    return request.message?.method === 'tools/call' ? answer(request) : undefined;
  });
}

const LACKING = 'The token lacks the required scope tools:call';

export const TOKEN_FAULTS: readonly PlantedFault[] = [
  planted(78, 'the server says so', refused(invalid('Invalid audience')), BEARER),
  planted(78, 'in the words of a library', refused(invalid('unexpected "aud" claim value')), BEARER),
  withJwt(78, 'the token says so, and the server nothing', FOREIGN_AUDIENCE, invalid('The access token is invalid')),
  planted(79, 'in the words of the official SDK', refused(invalid('Token has no expiration time')), BEARER),
  planted(79, 'in the words of a type check', refused(invalid('AuthInfo.expiresAt must be a number', 500)), BEARER),
  withJwt(
    80,
    'the token has none, and the server wants one',
    { aud: 'https://api.example.org', sub: 'user' },
    request => ({
      status: 403,
      headers: challenge(request, 'error="insufficient_scope", scope="mcp"'),
      body: { error: 'insufficient_scope', error_description: 'The scope mcp is required' },
    }),
  ),
  withJwt(80, 'an empty scope', { scope: '' }, invalid('Missing required scope: mcp')),
  planted(
    81,
    '401 for a call',
    onCall(request => invalid(LACKING)(request)!),
    BEARER,
  ),
  planted(
    81,
    '403 without a challenge',
    onCall(() => ({ status: 403, body: { error: LACKING } })),
    BEARER,
  ),
  planted(
    81,
    '200 with an error of JSON-RPC',
    onCall(({ message }) => ({ body: { jsonrpc: '2.0', id: message!.id, error: { code: -32001, message: LACKING } } })),
    BEARER,
  ),
  planted(
    81,
    '200 with an error of the tool',
    onCall(({ message }) => ({
      body: { jsonrpc: '2.0', id: message!.id, result: { content: [{ type: 'text', text: LACKING }], isError: true } },
    })),
    BEARER,
  ),
];
