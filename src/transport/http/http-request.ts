/** What the endpoint needs to know of an HTTP request, whoever received it: node:http, a framework or a fetch host. */
import type { AuthInfo } from '../../protocol/auth-info.ts';
import type { Caller } from './caller.ts';

/** An HTTP request, seen through the few things that the endpoint reads. */
export interface HttpRequest {
  /** The object that the host of this endpoint handed over: a node:http message or a web `Request`. */
  readonly source: object;
  /** In upper case, as received. */
  readonly method: string;
  /** The request target as received: mostly a path with its query, rarely an absolute URL. */
  readonly url: string;
  /**
   * A header's value, or undefined when it is absent.
   *
   * @param name - the header's name in lower case
   */
  header(name: string): string | undefined;
  /** The host that the client asked for: what a trusted proxy says, else the Host header. */
  readonly host?: string | undefined;
  /** The address of the client; behind a proxy that is not trusted, that is the proxy. */
  readonly remoteAddress: string | undefined;
  /** The address that the connection was accepted on; undefined for a fetch host. */
  readonly localAddress: string | undefined;
  /** The id that a trusted proxy gave the request; for logs. */
  readonly requestId: string | undefined;
  /** Who it is counted for, once `callerOf` has looked. */
  caller?: Caller | undefined;
  /** Who is asking, when something in front has validated an access token. */
  readonly authInfo: AuthInfo | undefined;
  /** The same as a web `Request` (for `ctx.http.req`), made when it is first read: most calls never do. */
  readonly web: Request;
}
