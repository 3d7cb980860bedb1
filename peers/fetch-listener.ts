/**
 * The least that puts a fetch handler behind node:http, for peers that ship none of their own: whole request body in,
 * answer streamed out. Kept small so that what is measured is the peer.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type FetchHandler = (request: Request) => Promise<Response | null | undefined> | Response;

async function requestFrom(incoming: IncomingMessage): Promise<Request> {
  const headers = new Headers();
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    headers.append(incoming.rawHeaders[index]!, incoming.rawHeaders[index + 1]!);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return new Request(`http://${incoming.headers.host}${incoming.url}`, {
    method: incoming.method ?? 'GET',
    headers,
    body: chunks.length === 0 ? null : Buffer.concat(chunks),
  });
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body !== null) for await (const chunk of response.body) outgoing.write(chunk);
  outgoing.end();
}

/** Listens on 127.0.0.1 and answers every request through `handler`; `null` or `undefined` from it is a 404. */
export function listen(handler: FetchHandler, port: number): void {
  const server = createServer(async (incoming, outgoing) => {
    try {
      const response = await handler(await requestFrom(incoming));
      await send(response ?? new Response(null, { status: 404 }), outgoing);
    } catch (error) {
      console.error(error);
      outgoing.destroy();
    }
  });
  server.listen(port, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${port}/mcp`));
}
