/** `fetch` over TLS to a front on this machine, as if its public name led there. */
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

export interface Front {
  readonly httpsPort: number;
  /** Its certificate, which is trusted. */
  readonly pem: string;
}

/** Redirects are not followed: there should be none. */
export function fetchThrough({ httpsPort: port, pem: ca }: Front): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { hostname, pathname, search } = new URL(request.url);
    const body = Buffer.from(await request.arrayBuffer());
    const headers = {
      ...Object.fromEntries(request.headers),
      host: hostname,
      ...(body.length > 0 && { 'content-length': body.length }),
    };
    return new Promise<Response>((resolve, reject) => {
      const sent = httpsRequest({
        host: '127.0.0.1',
        port,
        servername: hostname,
        ca,
        agent: false,
        method: request.method,
        path: `${pathname}${search}`,
        headers,
        signal: request.signal,
      });
      sent.on('error', reject);
      sent.on('response', received => {
        const pairs: [string, string][] = [];
        for (let at = 0; at < received.rawHeaders.length; at += 2) {
          pairs.push([received.rawHeaders[at]!, received.rawHeaders[at + 1]!]);
        }
        const status = received.statusCode!;
        const empty = status === 204 || status === 304 || request.method === 'HEAD';
        if (empty) received.resume();
        received.on('error', () => {});
        const stream = empty ? null : (Readable.toWeb(received) as ReadableStream<Uint8Array>);
        resolve(new Response(stream as ConstructorParameters<typeof Response>[0], { status, headers: pairs }));
      });
      sent.end(body);
    });
  };
}
