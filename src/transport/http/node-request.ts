import type { IncomingMessage } from 'node:http';
import type { AuthInfo } from '../../protocol/auth-info.ts';
import type { HttpRequest } from './http-request.ts';

/** A request with what a framework or a guard in front may have put on it. */
export type NodeRequest = IncomingMessage & { auth?: AuthInfo; body?: unknown };

export class NodeHttpRequest implements HttpRequest {
  readonly #message: NodeRequest;

  constructor(message: NodeRequest) {
    this.#message = message;
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

  get remoteAddress(): string | undefined {
    return this.#message.socket?.remoteAddress;
  }

  get localAddress(): string | undefined {
    return this.#message.socket?.localAddress;
  }

  get authInfo(): AuthInfo | undefined {
    return this.#message.auth;
  }

  #web: Request | undefined;

  get web(): Request {
    return (this.#web ??= this.#toWeb());
  }

  /** Without the body, which has been read: method, URL and headers are what handlers look at. */
  #toWeb(): Request {
    const headers = new Headers();
    const { rawHeaders } = this.#message;
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at]!, rawHeaders[at + 1]!);
    const encrypted = 'encrypted' in (this.#message.socket ?? {});
    const base = `${encrypted ? 'https' : 'http'}://${this.header('host') ?? 'localhost'}`;
    const url = URL.canParse(this.url, base) ? new URL(this.url, base) : new URL(base);
    return new Request(url, { method: this.method, headers });
  }
}
