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
  /^https:\/\/vscode\.dev\/redirect$/,
];
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

function register({ message }: FixtureRequest): FixtureAnswer {
  const given = (message ?? {}) as Record<string, unknown>;
  const uris = given['redirect_uris'];
  if (!Array.isArray(uris) || !uris.every(uri => CALLBACKS.some(known => known.test(uri)))) {
    return json({ error: 'invalid_redirect_uri' }, 400);
  }
  const client = {
    client_id: randomUUID(),
    client_id_issued_at: 1_790_000_000,
    redirect_uris: uris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: given['token_endpoint_auth_method'] ?? 'none',
    ...(typeof given['client_name'] === 'string' && { client_name: given['client_name'] }),
  };
  return json(client, 201);
}

function authorize({ url }: FixtureRequest): FixtureAnswer {
  const redirect = url.searchParams.get('redirect_uri') ?? '';
  if (!CALLBACKS.some(known => known.test(redirect))) return { status: 400, body: 'unknown redirect_uri' };
  if (url.searchParams.get('code_challenge_method') !== 'S256') return { status: 400, body: 'S256 is required' };
  return {
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': "frame-ancestors 'none'" },
    body: '<!doctype html><title>Sign in</title><form method="post"><button>Approve</button></form>',
  };
}

function token({ headers, body }: FixtureRequest): FixtureAnswer {
  if (!/^application\/x-www-form-urlencoded\b/.test(headers['content-type'] ?? '')) {
    return json({ error: 'invalid_request' }, 400);
  }
  const form = new URLSearchParams(body);
  const grant = form.get('grant_type');
  if (grant === 'authorization_code' || grant === 'refresh_token') return json({ error: 'invalid_grant' }, 400);
  return json({ error: grant === null ? 'invalid_request' : 'unsupported_grant_type' }, 400);
}

const RESOURCE = '/.well-known/oauth-protected-resource';
const SERVER = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

/** What a healthy server with sign-in answers before any MCP is spoken; undefined where it has nothing to say. */
export function healthyOauth(request: FixtureRequest, path: string): FixtureAnswer | undefined {
  const { pathname } = request.url;
  const isKnown =
    [RESOURCE, ...SERVER].some(known => pathname.startsWith(known)) || /^\/(authorize|token|register)$/.test(pathname);
  if (isKnown && request.method === 'OPTIONS') {
    const headers = {
      ...CORS,
      'Access-Control-Allow-Headers': '*',
      'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
    };
    return { status: 204, headers };
  }
  if (pathname === RESOURCE || pathname === `${RESOURCE}${path}`) return json(resourceMetadata(request, path));
  if (SERVER.includes(pathname)) return json(serverMetadata(request));
  if (pathname === '/authorize' && request.method === 'GET') return authorize(request);
  if (pathname === '/token' && request.method === 'POST') return token(request);
  if (pathname === '/register' && request.method === 'POST') return register(request);
  if (pathname !== path || request.method === 'OPTIONS') return undefined;
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
