/** An HTTP/2 client for a front on this machine. */
import { once } from 'node:events';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { connect as connectTls } from 'node:tls';
import { DOMAIN } from './nginx-site.ts';
import type { Front } from './tls-fetch.ts';

export interface Http2Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export class Http2Client implements AsyncDisposable {
  readonly session: ClientHttp2Session;

  constructor({ httpsPort: port, pem: ca }: Front) {
    this.session = connect(`https://${DOMAIN}`, {
      createConnection: () => connectTls({ host: '127.0.0.1', port, servername: DOMAIN, ca, ALPNProtocols: ['h2'] }),
    });
  }

  /** @param headers beside the method and the path */
  async send(method: string, path: string, headers: OutgoingHttpHeaders = {}, body = ''): Promise<Http2Answer> {
    const stream = this.session.request({ ':method': method, ':path': path, ...headers });
    stream.setEncoding('utf8').end(body);
    const [received] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }];
    let text = '';
    for await (const chunk of stream) text += chunk;
    return { status: received[':status'], headers: received, body: text };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>(resolve => this.session.close(resolve));
  }
}
