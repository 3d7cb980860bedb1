import type { IncomingMessage } from 'node:http';
import type { AuthInfo } from '../../protocol/auth-info.ts';
import type { Caller } from './caller.ts';
import { plainAddress } from './caller-address.ts';
import type { HttpRequest } from './http-request.ts';
import type { ForwardedRequest, ProxyTrust } from './proxy-trust.ts';
import type { PublicUrl } from './public-url.ts';

/** A request with what a framework or a guard in front may have put on it. */
export type NodeRequest = IncomingMessage & { auth?: AuthInfo; body?: unknown };

export class NodeHttpRequest implements HttpRequest {
  caller: Caller | undefined;
  readonly #message: NodeRequest;
  readonly #proxies: ProxyTrust | undefined;
  readonly #publicUrl: PublicUrl | undefined;
  #seen: ForwardedRequest | undefined;

  /**
   * @param proxies whose word is taken for what the client sent; undefined: nobody's
   * @param publicUrl how clients reach this server
   */
  constructor(message: NodeRequest, proxies?: ProxyTrust, publicUrl?: PublicUrl) {
    this.#message = message;
    this.#proxies = proxies;
    this.#publicUrl = publicUrl;
  }

  /** What the trusted proxies say; undefined where there are none. */
  get #forwarded(): ForwardedRequest | undefined {
    if (this.#proxies === undefined) return undefined;
    return (this.#seen ??= this.#proxies.forwarded(this.#message.socket?.remoteAddress, this));
  }

  get source(): object {
    return this.#message;
  }

  get method(): string {
    return this.#message.method ?? 'GET';
  }

  get url(): string {
    return this.#message.url ?? '/';
  }

  header(name: string): string | undefined {
    const value = this.#message.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  get host(): string | undefined {
    return this.#forwarded?.host ?? this.header('host');
  }

  get remoteAddress(): string | undefined {
    if (this.#proxies === undefined) return plainAddress(this.#message.socket?.remoteAddress);
    return this.#forwarded?.remoteAddress;
  }

  get localAddress(): string | undefined {
    return this.#message.socket?.localAddress;
  }

  get requestId(): string | undefined {
    return this.#forwarded?.requestId;
  }

  get authInfo(): AuthInfo | undefined {
    return this.#message.auth;
  }

  #web: Request | undefined;

  get web(): Request {
    return (this.#web ??= this.#toWeb());
  }

  get #scheme(): string {
    const forwarded = this.#forwarded?.scheme;
    if (forwarded !== undefined) return forwarded;
    if ('encrypted' in (this.#message.socket ?? {})) return 'https';
    return this.#publicUrl?.isHttps && this.#publicUrl.isNamedBy(this.host) ? 'https' : 'http';
  }

  /** Without the body, which has been read: method, URL and headers are what handlers look at. */
  #toWeb(): Request {
    const headers = new Headers();
    const { rawHeaders } = this.#message;
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at]!, rawHeaders[at + 1]!);
    const given = `${this.#scheme}://${this.host ?? 'localhost'}`;
    const base = URL.canParse(given) ? given : 'http://localhost';
    const url = URL.canParse(this.url, base) ? new URL(this.url, base) : new URL(base);
    return new Request(url, { method: this.method, headers });
  }
}
