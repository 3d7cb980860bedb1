/** A small authorization server without any fault, and the sign-in of the resource beside it. Everything is on one origin. */
import { randomUUID } from 'node:crypto';
import type { FixtureAnswer, FixtureRequest } from './fixture-request.ts';

/** The access token that opens the resource. */
export const TOKEN = 'fixture-access-token';

const NO_TOKEN = { error: 'unauthorized', error_description: 'The Authorization header is missing' };

const CALLBACKS = [
  /^https:\/\/claude\.(ai|com)\/api\/mcp\/auth_callback$/,
  /^https:\/\/chatgpt\.com\/connector\/oauth\/[\w-]+$/,
  /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?\/[\w/-]*$/,
  /^cursor:\/\/[\w./-]+$/,
  /^https:\/\/(insiders\.)?vscode\.dev\/redirect$/,
];
/** Clients that come with a document, as of what it lists. */
const DOCUMENTS: Readonly<Record<string, readonly string[]>> = {
  'https://claude.ai/oauth/mcp-oauth-client-metadata': [
    'https://claude.ai/api/mcp/auth_callback',
    'https://claude.com/api/mcp/auth_callback',
  ],
  'https://claude.ai/oauth/claude-code-client-metadata': ['http://localhost/callback', 'http://127.0.0.1/callback'],
  'https://vscode.dev/oauth/client-metadata.json': ['https://vscode.dev/redirect', 'http://127.0.0.1:33418/'],
};
const AUTH_METHODS = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'];
const CORS = { 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store' };

function json(body: object, status = 200): FixtureAnswer {
  return { status, headers: CORS, body };
}

export function resourceMetadata({ url }: FixtureRequest, path: string): object {
  return {
    resource: `${url.origin}${path}`,
    authorization_servers: [url.origin],
    scopes_supported: ['mcp'],
    bearer_methods_supported: ['header'],
  };
}

export function serverMetadata({ url: { origin } }: FixtureRequest): object {
  return {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    registration_endpoint: `${origin}/register`,
    scopes_supported: ['mcp', 'offline_access'],
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: AUTH_METHODS,
    code_challenge_methods_supported: ['S256'],
    client_id_metadata_document_supported: true,
    authorization_response_iss_parameter_supported: true,
  };
}

/** Nothing is kept: the id of a client is what it registered. */
function idFor(redirects: readonly string[]): string {
  return `${randomUUID()}.${Buffer.from(JSON.stringify(redirects)).toString('base64url')}`;
}

/** Where a client may be sent back to; undefined for one that nobody knows. */
export function redirectsOf(clientId: string | null): readonly string[] | undefined {
  if (clientId === null) return undefined;
  const known = DOCUMENTS[clientId];
  if (known !== undefined) return known;
  try {
    return JSON.parse(Buffer.from(clientId.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Of loopback redirects the port does not count (RFC 8252, 7.3). */
function withoutLoopbackPort(uri: string): string {
  return uri.replace(/^(http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])):\d+/, '$1');
}

function register({ message, url }: FixtureRequest): FixtureAnswer {
  const given = (message ?? {}) as Record<string, unknown>;
  const uris = given['redirect_uris'];
  if (!Array.isArray(uris) || !uris.every(uri => CALLBACKS.some(known => known.test(uri)))) {
    return json({ error: 'invalid_redirect_uri' }, 400);
  }
  const id = idFor(uris);
  const method = String(given['token_endpoint_auth_method'] ?? 'none');
  const client = {
    client_id: id,
    client_id_issued_at: 1_790_000_000,
    ...(method.startsWith('client_secret') && { client_secret: `secret-of-${id}`, client_secret_expires_at: 0 }),
    redirect_uris: uris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: method,
    registration_client_uri: `${url.origin}/register/${id}`,
    registration_access_token: `access-to-${id}`,
    ...(typeof given['client_name'] === 'string' && { client_name: given['client_name'] }),
  };
  return json(client, 201);
}

function unregister({ url, headers }: FixtureRequest): FixtureAnswer {
  const id = url.pathname.slice('/register/'.length);
  return headers.authorization === `Bearer access-to-${id}` ? { status: 204 } : json({ error: 'invalid_token' }, 401);
}

function authorize({ url, method }: FixtureRequest): FixtureAnswer {
  const given = url.searchParams;
  const redirect = given.get('redirect_uri') ?? '';
  const redirects = redirectsOf(given.get('client_id'));
  if (redirects === undefined) return json({ error: 'invalid_client', error_description: 'unknown client_id' }, 400);
  if (!redirects.map(withoutLoopbackPort).includes(withoutLoopbackPort(redirect))) {
    return json({ error: 'invalid_request', error_description: 'redirect_uri is not registered' }, 400);
  }
  const back = (parameters: Record<string, string>) => {
    const query = new URLSearchParams({ ...parameters, state: given.get('state') ?? '', iss: url.origin });
    return { status: 303, headers: { Location: `${redirect}?${query}` } };
  };
  if (given.get('code_challenge_method') !== 'S256') return back({ error: 'invalid_request' });
  const scopes = (given.get('scope') ?? '').split(' ').filter(scope => scope !== '');
  if (!scopes.every(scope => ['mcp', 'offline_access'].includes(scope))) return back({ error: 'invalid_scope' });
  if (method === 'POST') return back({ code: randomUUID() });
  return {
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': "frame-ancestors 'none'" },
    body: '<!doctype html><title>Sign in</title><form method="post"><button>Approve</button></form>',
  };
}

function clientOf({ headers }: FixtureRequest, form: URLSearchParams): string | null {
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (basic === undefined) return form.get('client_id');
  return decodeURIComponent(Buffer.from(basic, 'base64').toString('utf8').split(':')[0] ?? '');
}

function token(request: FixtureRequest): FixtureAnswer {
  if (!/^application\/x-www-form-urlencoded\b/.test(request.headers['content-type'] ?? '')) {
    return json({ error: 'invalid_request' }, 400);
  }
  const form = new URLSearchParams(request.body);
  const grant = form.get('grant_type');
  if (grant !== 'authorization_code' && grant !== 'refresh_token') {
    return json({ error: grant === null ? 'invalid_request' : 'unsupported_grant_type' }, 400);
  }
  if (redirectsOf(clientOf(request, form)) === undefined) return json({ error: 'invalid_client' }, 401);
  return json({ error: 'invalid_grant' }, 400);
}

const RESOURCE = '/.well-known/oauth-protected-resource';
const SERVER = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

/** What a healthy server with sign-in answers before any MCP is spoken; undefined where it has nothing to say. */
export function healthyOauth(request: FixtureRequest, path: string): FixtureAnswer | undefined {
  const { pathname } = request.url;
  const isKnown =
    [RESOURCE, ...SERVER].some(known => pathname.startsWith(known)) ||
    /^\/(authorize|token|register(\/.+)?)$/.test(pathname);
  if (isKnown && request.method === 'OPTIONS') {
    const headers = {
      ...CORS,
      'Access-Control-Allow-Headers': '*',
      'Access-Control-Allow-Methods': 'GET, POST, DELETE, OPTIONS',
    };
    return { status: 204, headers };
  }
  if (pathname === RESOURCE || pathname === `${RESOURCE}${path}`) return json(resourceMetadata(request, path));
  if (SERVER.includes(pathname)) return json(serverMetadata(request));
  if (pathname === '/authorize' && /^(GET|POST)$/.test(request.method)) return authorize(request);
  if (pathname === '/token' && request.method === 'POST') return token(request);
  if (pathname === '/register' && request.method === 'POST') return register(request);
  if (pathname.startsWith('/register/') && request.method === 'DELETE') return unregister(request);
  if (pathname.replace(/\/$/, '') !== path || request.method === 'OPTIONS') return undefined;
  const given = request.headers.authorization;
  if (given === `Bearer ${TOKEN}`) return undefined;
  const pointer = `resource_metadata="${request.url.origin}${RESOURCE}${path}", scope="mcp"`;
  const challenge = given === undefined ? `Bearer ${pointer}` : `Bearer error="invalid_token", ${pointer}`;
  const headers = {
    'WWW-Authenticate': challenge,
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'WWW-Authenticate',
  };
  return { status: 401, headers, body: given === undefined ? NO_TOKEN : { error: 'invalid_token' } };
}
