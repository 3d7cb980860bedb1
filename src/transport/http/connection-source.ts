/** Where the connections of a listener come from: a port of this process, or another process that hands them over. */
import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';

/** Where clients connect to. */
export interface ListenedAddress {
  readonly address: string;
  readonly port: number;
}

/** Connections that another process accepts. */
export interface ConnectionSource {
  readonly address: ListenedAddress;
  /** From now on, connections may come. */
  start(take: (socket: Socket) => void): void;
  /** Resolves when no more will come. May be called again. */
  stop(): Promise<void>;
}

/** Where to listen: an address, a descriptor that somebody else listens on already (socket activation), or neither. */
export interface ListenPlace {
  readonly port: number;
  readonly host: string;
  readonly fd?: number | undefined;
  /** In place of all of these. */
  readonly connections?: ConnectionSource | undefined;
}

/** A server that has begun to take connections. */
export interface Intake {
  readonly address: ListenedAddress;
  /** Resolves when no more will come. May be called again. */
  stop(): Promise<void>;
}

/**
 * Begins to give connections to a server.
 *
 * @throws the error of node:net when the address can not be had (EADDRINUSE, EACCES, ...)
 */
export async function takeConnections(
  server: HttpServer,
  { port, host, fd, connections }: ListenPlace,
): Promise<Intake> {
  if (connections !== undefined) return taken(server, connections);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const listening = () => {
      server.off('error', reject);
      resolve();
    };
    if (fd === undefined) server.listen(port, host, listening);
    else server.listen({ fd }, listening);
  });
  return {
    address: server.address() as AddressInfo,
    // The close of node:http begins with its closeIdleConnections(); see Connections.
    stop: async () => void (server.listening && NetServer.prototype.close.call(server)),
  };
}

function taken(server: HttpServer, connections: ConnectionSource): Intake {
  // node:http begins to watch over its time limits with this event.
  server.emit('listening');
  connections.start(socket => {
    // As the server would have made it.
    socket.allowHalfOpen = true;
    socket.setNoDelay(true);
    server.emit('connection', socket);
  });
  return { address: connections.address, stop: () => connections.stop() };
}
