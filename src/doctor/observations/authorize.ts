/** The authorize endpoint as the browser of a user who signs in from a client sees it: up to the first page. */
import type { Examination } from '../examination.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { describedServer, webUrl } from './authorization-server.ts';
import { redirectOf } from './redirect.ts';
import { requestedScope } from './requested-scope.ts';
import { resourceMetadata } from './resource-metadata.ts';
import { jsonObject } from './rpc-answer.ts';
import { BROWSER_HEADERS, CODE_CHALLENGE } from './sign-in-client.ts';

export interface AuthorizeRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  /** Default: what Claude asks for. */
  readonly scope?: string;
}

export interface Authorized {
  /**
   * `taken`: a page, a sign-in elsewhere, or back to the client with a code. `refused`: an error. `unclear`: no answer,
   * or one that says neither.
   */
  readonly state: 'taken' | 'refused' | 'unclear';
  /** Every exchange of the way; the last one decides. */
  readonly exchanges: readonly Exchange[];
  /** The page that the user is shown. */
  readonly page?: Exchange;
  /** The OAuth code of the error, if it has one. */
  readonly error?: string;
  /** All that was said with the error. */
  readonly said: string;
}

/** Steps within the host of the authorization server: to a sign-in page, to a consent page. */
const MAX_STEPS = 4;
const MAX_SAID_CHARS = 4_000;
const REFUSALS = new Set([400, 401, 403, 422, 500]);

async function authorizeUrl(examination: Examination, endpoint: URL, request: AuthorizeRequest): Promise<URL> {
  const [resource, scope] = await Promise.all([resourceMetadata(examination), requestedScope(examination)]);
  const given = resource?.document?.['resource'];
  const asked = request.scope ?? scope.text;
  const url = new URL(endpoint);
  const parameters = {
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    code_challenge: CODE_CHALLENGE,
    code_challenge_method: 'S256',
    state: 'slipway-doctor',
    ...(asked !== '' && { scope: asked }),
    resource: typeof given === 'string' ? given : `${examination.url.origin}${examination.url.pathname}`,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}

/** Cookies that the last step set, for the next one. */
function cookiesOf(exchanges: readonly Exchange[]): readonly string[] {
  const jar = new Map<string, string>();
  for (const { response } of exchanges) {
    for (const line of response?.headers.all('set-cookie') ?? []) {
      const [pair = ''] = line.split(';');
      jar.set(pair.split('=')[0]!.trim(), pair.trim());
    }
  }
  return [...jar.values()];
}

function refusal(exchanges: readonly Exchange[], error: string | undefined, said: string): Authorized {
  return { state: 'refused', exchanges, said: said.slice(0, MAX_SAID_CHARS), ...(error !== undefined && { error }) };
}

/** What a step says; undefined where the way goes on. */
function verdictOf(exchanges: readonly Exchange[], redirectUri: string): Authorized | undefined {
  const exchange = exchanges.at(-1)!;
  const { response } = exchange;
  if (response === undefined) return { state: 'unclear', exchanges, said: '' };
  const location = response.headers.get('location') ?? '';
  const isRedirect = response.status >= 300 && response.status < 400;
  if (isRedirect) {
    const to = URL.parse(location, exchange.request.url);
    const error = to?.searchParams.get('error');
    if (error != null) return refusal(exchanges, error, decodeURIComponent(to!.search.replaceAll('+', ' ')));
    if (location.startsWith(redirectUri)) return { state: 'taken', exchanges, said: '' };
    const redirect = redirectOf(exchange);
    if (redirect === undefined) return { state: 'unclear', exchanges, said: '' };
    return redirect.to.origin === redirect.from.origin ? undefined : { state: 'taken', exchanges, said: '' };
  }
  const told = jsonObject(response.text)?.['error'];
  const error = typeof told === 'string' ? told : undefined;
  if (REFUSALS.has(response.status) || told !== undefined) return refusal(exchanges, error, response.text);
  if (response.status !== 200) return { state: 'unclear', exchanges, said: '' };
  return { state: 'taken', exchanges, page: exchange, said: '' };
}

/** Undefined where there is no authorize endpoint. */
async function run(examination: Examination, request: AuthorizeRequest): Promise<Authorized | undefined> {
  const endpoint = webUrl((await describedServer(examination))?.document['authorization_endpoint']);
  if (endpoint === undefined) return undefined;
  let url = await authorizeUrl(examination, endpoint, request);
  const exchanges: Exchange[] = [];
  for (let step = 0; step < MAX_STEPS; step++) {
    const cookies = cookiesOf(exchanges);
    const exchange = await examination.exchange({
      url,
      headers: [...BROWSER_HEADERS, ...(cookies.length === 0 ? [] : [['Cookie', cookies.join('; ')] as const])],
    });
    exchanges.push(exchange);
    const verdict = verdictOf(exchanges, request.redirectUri);
    if (verdict !== undefined) return verdict;
    url = redirectOf(exchange)!.to;
  }
  return { state: 'unclear', exchanges, said: '' };
}

/**
 * Asks once for the same request. Follows redirects within the origin of the authorization server, with the cookies that
 * it sets, and no others. Leaves nothing behind but a sign-in that nobody finishes.
 */
export function authorize(examination: Examination, request: AuthorizeRequest): Promise<Authorized | undefined> {
  const key = `authorize ${JSON.stringify([request.clientId, request.redirectUri, request.scope])}`;
  return examination.once(key, () => run(examination, request));
}
