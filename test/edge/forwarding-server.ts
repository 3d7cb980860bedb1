/** A bare node:http server that tells what it sees of a request through proxies. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { NodeHttpRequest } from '../../src/transport/http/node-request.ts';
import { ProxyTrust } from '../../src/transport/http/proxy-trust.ts';
import { PublicUrl } from '../../src/transport/http/public-url.ts';

export interface Seen {
  readonly remoteAddress?: string;
  readonly host?: string;
  readonly url: string;
  readonly requestId?: string;
}

export type Look = (headers: Readonly<Record<string, string | string[]>>) => Promise<Seen>;

/** @param at where it listens, and where the requests come from */
export async function forwardingServer(
  t: TestContext,
  trustedProxies: readonly string[] | undefined,
  publicUrl?: string,
  at = '127.0.0.1',
): Promise<Look> {
  const proxies = ProxyTrust.of(trustedProxies);
  const url = PublicUrl.of(publicUrl);
  const server = createServer((message, response) => {
    const { remoteAddress, host, web, requestId } = new NodeHttpRequest(message, proxies, url);
    response.end(JSON.stringify({ remoteAddress, host, url: web.url, requestId }));
  });
  server.listen(0, at);
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return async headers => {
    const sent = request({ port, host: at === '::' ? '127.0.0.1' : at, path: '/mcp?q=1', headers });
    sent.end();
    const [answer] = await once(sent, 'response');
    let text = '';
    for await (const chunk of answer) text += chunk;
    return JSON.parse(text);
  };
}
