/** The least that a load balancer does: each connection goes to the next server. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Running } from './running.ts';

/** Closing it closes what is behind. */
export async function roundRobin(behind: readonly Running[]): Promise<Running> {
  const open = new Set<Socket>();
  let next = 0;
  const kept = (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
    return socket;
  };
  const server = createServer({ allowHalfOpen: true }, client => {
    const { hostname, port } = new URL(behind[next++ % behind.length]!.url);
    const upstream = kept(connect({ host: hostname, port: Number(port), allowHalfOpen: true }));
    kept(client).pipe(upstream);
    upstream.pipe(client);
    upstream.once('close', () => client.destroy());
    client.once('close', () => upstream.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...behind[0]!,
    url: `http://127.0.0.1:${port}${new URL(behind[0]!.url).pathname}`,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise(resolve => server.close(resolve));
      await Promise.all(behind.map(one => one.close()));
    },
  };
}
