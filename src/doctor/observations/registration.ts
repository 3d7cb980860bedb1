/** Dynamic client registration (RFC 7591), as clients do it. What is registered is deleted at the end, where that is offered. */
import type { Examination } from '../examination.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { observation } from '../observation.ts';
import { describedServer, textsIn, webUrl } from './authorization-server.ts';
import { CLAUDE_DISCOVERY } from './claude.ts';
import { requestedScope } from './requested-scope.ts';
import { type JsonMember, jsonObject } from './rpc-answer.ts';
import { CLAUDE_CALLBACK, PROBE_CLIENT_NAME } from './sign-in-client.ts';

export interface RegisteredClient {
  readonly id: string;
  readonly secret?: string;
  /** `none`, `client_secret_basic`, ...: how it authenticates at the token endpoint. */
  readonly method?: string;
}

export interface Registration {
  readonly exchange: Exchange;
  readonly redirectUris: readonly string[];
  readonly method: string;
  /** Absent where it was refused. */
  readonly client?: RegisteredClient;
  /** The response, where it is a JSON object. */
  readonly document?: JsonMember;
  /** Refused for certain: not late, not limited, not broken. */
  readonly isRefused: boolean;
}

/** Methods that need nothing but the response. */
export const SIMPLE_METHODS = ['none', 'client_secret_post', 'client_secret_basic'] as const;

/** RFC 7592. The access goes nowhere but to the host that gave it. */
function deleteAtEnd(examination: Examination, endpoint: URL, document: JsonMember): void {
  const url = webUrl(document['registration_client_uri']);
  const access = document['registration_access_token'];
  if (url === undefined || url.origin !== endpoint.origin || typeof access !== 'string') return;
  examination.atEnd(() =>
    examination.exchange({
      url,
      method: 'DELETE',
      headers: [
        ['User-Agent', CLAUDE_DISCOVERY.userAgent],
        ['Authorization', `Bearer ${access}`],
      ],
    }),
  );
}

function clientIn(document: JsonMember | undefined, asked: string): RegisteredClient | undefined {
  const id = document?.['client_id'];
  if (typeof id !== 'string') return undefined;
  const { client_secret: secret, token_endpoint_auth_method: method } = document!;
  return {
    id,
    ...(typeof secret === 'string' && { secret }),
    method: typeof method === 'string' ? method : asked,
  };
}

async function run(
  examination: Examination,
  redirectUris: readonly string[],
  method: string,
): Promise<Registration | undefined> {
  const endpoint = webUrl((await describedServer(examination))?.document['registration_endpoint']);
  if (endpoint === undefined) return undefined;
  const scope = (await requestedScope(examination)).text;
  const exchange = await examination.exchange({
    url: endpoint,
    method: 'POST',
    headers: [
      ['Accept', '*/*'],
      ['Accept-Encoding', 'gzip, deflate'],
      ['User-Agent', CLAUDE_DISCOVERY.userAgent],
      ['Content-Type', 'application/json'],
    ],
    body: JSON.stringify({
      client_name: PROBE_CLIENT_NAME,
      redirect_uris: redirectUris,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: method,
      ...(scope !== '' && { scope }),
    }),
  });
  const { status = 0, text = '' } = exchange.response ?? {};
  const document = jsonObject(text);
  const isTaken = status === 200 || status === 201;
  const client = isTaken ? clientIn(document, method) : undefined;
  if (isTaken && document !== undefined) deleteAtEnd(examination, endpoint, document);
  return {
    exchange,
    redirectUris,
    method,
    isRefused: status >= 400 && status < 500 && ![404, 405, 408, 429].includes(status),
    ...(client !== undefined && { client }),
    ...(document !== undefined && { document }),
  };
}

/** Once for the same request. Undefined where there is no registration endpoint. Leaves a client behind: `--write` only. */
export function register(
  examination: Examination,
  redirectUris: readonly string[],
  method: string,
): Promise<Registration | undefined> {
  const key = `register ${JSON.stringify([redirectUris, method])}`;
  return examination.once(key, () => run(examination, redirectUris, method));
}

/** Methods that the authorization server lists and that can be tried; RFC 8414 has a default. */
export async function listedMethods(examination: Examination): Promise<readonly string[]> {
  const given = (await describedServer(examination))?.document['token_endpoint_auth_methods_supported'];
  const listed = Array.isArray(given) ? textsIn(given) : ['client_secret_basic'];
  return SIMPLE_METHODS.filter(method => listed.includes(method));
}

/** Claude's redirect with each of the methods until one is taken; the last one that was refused otherwise. */
export const hostedRegistration = observation(async (examination): Promise<Registration | undefined> => {
  let last: Registration | undefined;
  for (const method of await listedMethods(examination)) {
    last = await register(examination, [CLAUDE_CALLBACK], method);
    if (last?.client !== undefined) return last;
  }
  return last;
});

/** The method that clients on the user's machine would take here. */
export async function localMethod(examination: Examination): Promise<string> {
  const hosted = await hostedRegistration(examination);
  const [first = 'none'] = await listedMethods(examination);
  return hosted?.client === undefined ? first : hosted.method;
}

/** As Claude Code does it. */
export const loopbackRegistration = observation(
  async (examination): Promise<Registration | undefined> =>
    register(examination, ['http://localhost:3118/callback'], await localMethod(examination)),
);
