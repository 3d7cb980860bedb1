/** A front that passes requests on and writes the answers as it likes, byte by byte. */
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Running } from './running.ts';

export interface PassedAnswer {
  readonly status: number;
  /** Lines `Name: value`, without those that frame the body. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

const OF_FRAMING = /^(connection|keep-alive|transfer-encoding|content-length|content-encoding)$/i;

/**
 * Closing the front closes what is behind.
 *
 * @param write what is done with the socket in place of an answer
 */
export async function rewritingFront(
  behind: Running,
  write: (socket: Socket, answer: PassedAnswer) => void,
): Promise<Running> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = Object.entries(request.headers).filter(([name]) => !OF_FRAMING.test(name) && name !== 'host');
    const passed = await fetch(new URL(request.url!, behind.url), {
      method: request.method!,
      headers: headers.map(([name, value]) => [name, String(value)] as [string, string]),
      redirect: 'manual',
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    const body = Buffer.from(await passed.arrayBuffer());
    const lines = [...passed.headers]
      .filter(([name]) => !OF_FRAMING.test(name))
      .map(([name, value]) => `${name}: ${value}`);
    write(response.socket!, { status: passed.status, headers: lines, body });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...behind,
    url: `http://127.0.0.1:${port}${new URL(behind.url).pathname}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
      await behind.close();
    },
  };
}
