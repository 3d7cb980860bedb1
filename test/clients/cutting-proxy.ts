/** A TCP proxy that cuts connections: the network between a client and a server, at its worst and on purpose. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/**
 * Sees what the server sends on one connection, piece by piece; returns how many bytes of the piece still reach the
 * client before the connection is cut, undefined while it goes on.
 */
export type CutRule = (piece: Buffer) => number | undefined;

/** Cuts after so many bytes. */
export function afterBytes(limit: number): CutRule {
  let passed = 0;
  return piece => {
    const left = limit - passed;
    passed += piece.length;
    return passed > limit ? Math.max(0, left) : undefined;
  };
}

/** Cuts in the middle of the event with this number, counted from 1 over the connection; events without data count too. */
export function withinEvent(number: number): CutRule {
  let events = 0;
  return piece => {
    const text = piece.toString('latin1');
    for (let at = text.indexOf('\ndata:'); at !== -1; at = text.indexOf('\ndata:', at + 1)) {
      if (++events === number) return at + '\ndata:'.length;
    }
    return undefined;
  };
}

/** Cuts behind the event with this number, so that the client has all of it. */
export function behindEvent(number: number): CutRule {
  let events = 0;
  return piece => {
    const text = piece.toString('latin1');
    for (let at = text.indexOf('\n\n'); at !== -1; at = text.indexOf('\n\n', at + 2)) {
      if (++events === number) return at + 2;
    }
    return undefined;
  };
}

export interface ProxyOptions {
  /** Where the server is, asked for every connection: it may come back on another port. */
  readonly target: () => number;
  /** What happens to a connection; undefined: nothing. Called once per connection. */
  readonly rule?: (connection: number) => CutRule | undefined;
  /** Whether the server hears of a cut; otherwise its side stays open and unread, as behind a router that went away. */
  readonly serverHears?: boolean;
}

export class CuttingProxy {
  readonly port: number;
  /** Connections that were cut by their rule or by {@link cutAll}. */
  cuts = 0;
  /** Connections accepted so far. */
  connections = 0;
  readonly #server: Server;
  readonly #options: ProxyOptions;
  readonly #clients = new Set<Socket>();
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, options: ProxyOptions) {
    this.#server = server;
    this.#options = options;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', client => this.#accept(client));
  }

  static async open(options: ProxyOptions): Promise<CuttingProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CuttingProxy(server, options);
  }

  /** Open until the test ends. */
  static async during(t: TestContext, options: ProxyOptions): Promise<CuttingProxy> {
    const proxy = await CuttingProxy.open(options);
    t.after(() => proxy.close());
    return proxy;
  }

  /** Cuts whatever is open right now; returns how many connections that were. */
  cutAll(): number {
    const open = [...this.#clients];
    for (const client of open) client.destroy();
    this.cuts += open.length;
    return open.length;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    const rule = this.#options.rule?.(this.connections++);
    const upstream = connect(this.#options.target(), '127.0.0.1');
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    }
    this.#clients.add(client);
    client.pipe(upstream);
    client.on('close', () => {
      this.#clients.delete(client);
      if (this.#options.serverHears !== false) upstream.destroy();
    });
    upstream.on('data', (piece: Buffer) => this.#pass(client, upstream, piece, rule?.(piece)));
    upstream.on('end', () => client.end());
    upstream.on('close', () => client.destroySoon());
  }

  #pass(client: Socket, upstream: Socket, piece: Buffer, left: number | undefined): void {
    if (client.destroyed) return;
    if (left === undefined) {
      if (client.write(piece)) return;
      upstream.pause();
      client.once('drain', () => upstream.resume());
      return;
    }
    this.cuts++;
    upstream.pause();
    upstream.removeAllListeners('data');
    this.#clients.delete(client);
    if (left === 0) client.destroy();
    else client.write(piece.subarray(0, left), () => client.destroy());
  }
}
