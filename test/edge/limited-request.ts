import type { AuthInfo } from '../../src/protocol/auth-info.ts';
import type { HttpRequest } from '../../src/transport/http/http-request.ts';

/** A request as far as limits look at it. */
export function requestFrom(remoteAddress: string | undefined, authInfo?: AuthInfo): HttpRequest {
  return {
    source: {},
    method: 'POST',
    url: '/',
    header: () => undefined,
    remoteAddress,
    localAddress: '127.0.0.1',
    requestId: undefined,
    authInfo,
    get web(): Request {
      throw new Error('nobody needs it');
    },
  };
}

/** A request with an access token of this user. */
export function requestOf(sub: string, remoteAddress = '192.0.2.1'): HttpRequest {
  return requestFrom(remoteAddress, { token: `of-${sub}`, clientId: 'client', scopes: [], extra: { sub } });
}
