/** A plain TCP port whose connections go through TLS to a front: for clients that write their bytes themselves. */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { DOMAIN } from './nginx-site.ts';
import type { Front } from './tls-fetch.ts';

export class TlsPort implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, sockets: Set<Socket>) {
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    this.#sockets = sockets;
  }

  static async to({ httpsPort, pem: ca }: Front): Promise<TlsPort> {
    const sockets = new Set<Socket>();
    const server = createServer({ noDelay: true }, plain => {
      const secure = connect({ host: '127.0.0.1', port: httpsPort, servername: DOMAIN, ca });
      secure.setNoDelay(true);
      sockets.add(plain).add(secure);
      for (const socket of [plain, secure]) socket.on('error', () => {});
      plain.pipe(secure).pipe(plain);
      plain.on('close', () => secure.destroy());
      secure.on('close', () => plain.destroy());
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return new TlsPort(server, sockets);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise(resolve => this.#server.close(resolve));
  }
}
