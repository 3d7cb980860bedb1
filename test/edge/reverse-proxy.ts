/** A reverse proxy, as small as one can be: it passes on and says for whom. */
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

export interface ProxyOptions {
  /** What the client speaks to it; default `https`, as if TLS ended here. */
  readonly scheme?: 'http' | 'https';
  /** Whether it passes on the Host of its client (default), or has its own and tells that one in X-Forwarded-Host. */
  readonly passesHost?: boolean;
  /** Whether it speaks of its client in `Forwarded` (RFC 7239) in place of X-Forwarded-*. */
  readonly standard?: boolean;
}

const OF_PROXIES = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded'];

/** Adds what it knows behind what came, as proxies do. */
function forwarded(from: IncomingMessage, { scheme = 'https', passesHost = true, standard }: ProxyOptions) {
  const address = from.socket.remoteAddress!;
  const host = from.headers.host!;
  const earlier = (name: string) => (from.headers[name] === undefined ? '' : `${String(from.headers[name])}, `);
  if (standard) {
    const element = `for="${address}";proto=${scheme}${passesHost ? '' : `;host="${host}"`}`;
    return { forwarded: `${earlier('forwarded')}${element}` };
  }
  return {
    'x-forwarded-for': `${earlier('x-forwarded-for')}${address}`,
    // Most overwrite it, and the one before has said what counts.
    'x-forwarded-proto': from.headers['x-forwarded-proto'] ?? scheme,
    ...(!passesHost && { 'x-forwarded-host': from.headers['x-forwarded-host'] ?? host }),
  };
}

/**
 * Starts one in front of a port, until the test ends.
 *
 * @param trustsClients whether what its clients say of theirs is passed on, as between proxies; default false
 * @returns its port
 */
export async function reverseProxy(
  t: TestContext,
  upstream: number,
  options: ProxyOptions & { readonly trustsClients?: boolean } = {},
): Promise<number> {
  const { passesHost = true, trustsClients = false } = options;
  const server = createServer((incoming, response) => {
    if (!trustsClients) for (const name of OF_PROXIES) delete incoming.headers[name];
    const own = forwarded(incoming, options);
    const headers = { ...incoming.headers, ...own, ...(!passesHost && { host: `127.0.0.1:${upstream}` }) };
    const { method, url: path } = incoming;
    const outgoing = request({ port: upstream, host: '127.0.0.1', method, path, headers }, answer => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}
