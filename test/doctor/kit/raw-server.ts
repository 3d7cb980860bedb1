/** A server that writes bytes, whatever HTTP says about them. */

import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import type { Running } from './running.ts';

/**
 * @param serve is called with each connection once its first bytes have arrived; errors of the socket are nobody's
 * concern, and it is destroyed at the end
 */
export async function rawServer(serve: (socket: Socket, request: string) => void): Promise<Running> {
  const open = new Set<Socket>();
  const server = createServer(socket => {
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    socket.once('data', data => serve(socket, data.toString('latin1')));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    doctor: { allowPrivate: true },
    requests: [],
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** Writes a piece again and again, no faster than it is read, until the socket is gone. */
export function pour(socket: Socket, piece: string | Buffer): void {
  const write = () => {
    while (!socket.destroyed && socket.write(piece));
    if (!socket.destroyed) socket.once('drain', write);
  };
  write();
}

/** Writes a piece every few milliseconds until the socket is gone. */
export function drip(socket: Socket, piece: string | Buffer, everyMs: number): void {
  const timer = setInterval(() => socket.write(piece), everyMs);
  socket.once('close', () => clearInterval(timer));
}
