/** Tells whoever watches what happens on the wire beside calls; where nobody does, it costs nothing. */
import type { HttpObserver, RefusedRequest, Resume } from './http-observer.ts';
import type { HttpRequest } from './http-request.ts';

export class HttpWatch {
  readonly #observer: HttpObserver | undefined;
  readonly #report: (error: unknown) => void;

  /** @param report gets what an observer throws: that is its own affair, and alters no answer */
  constructor(observer: HttpObserver | undefined, report: (error: unknown) => void) {
    this.#observer = observer;
    this.#report = report;
  }

  /** Asks what brings back the context of the request that has just arrived. */
  arrived(): Resume | undefined {
    return this.#observer?.arrived?.();
  }

  /** Tells of a stream. */
  opened(kind: 'listen' | 'get' | 'sse', { remoteAddress }: HttpRequest): void {
    this.#tell(observer => observer.opened?.(kind, { remoteAddress }));
  }

  /** Tells of a request that did not become a call, by the answer that it got. */
  refused(request: HttpRequest, status: number, body: string): void {
    if (this.#observer?.refused === undefined) return;
    const { method, url, remoteAddress, requestId } = request;
    const [, code] = /"code":"(SLIP_[A-Z_]+)"/.exec(body) ?? [];
    const userAgent = request.header('user-agent');
    this.unreadable({ status, code, method, url, remoteAddress, userAgent, requestId });
  }

  /** Tells of bytes that were refused before they became a request. */
  unreadable(refused: RefusedRequest): void {
    this.#tell(observer => observer.refused?.(refused));
  }

  #tell(tell: (observer: HttpObserver) => void): void {
    if (this.#observer === undefined) return;
    try {
      tell(this.#observer);
    } catch (error) {
      this.#report(error);
    }
  }
}
