/** Servers that no client should have to meet: each would hang, fill up or crash a careless one. */
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { healthyServer } from './healthy-server.ts';
import { drip, pour, rawServer } from './raw-server.ts';
import type { Running } from './running.ts';

export interface HostileServer {
  readonly name: string;
  start(): Promise<Running>;
}

function raw(name: string, serve: (socket: Socket, request: string) => void): HostileServer {
  return { name, start: () => rawServer(serve) };
}

const JSON_HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const SSE_HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n';
/** 64 MB of zeros in 64 kB. */
const BOMB = gzipSync(Buffer.alloc(64 * 1024 * 1024));

function loop({ url }: { url: URL }) {
  return { status: 307, headers: { Location: `${url.origin}${url.pathname}x` } };
}

export const HOSTILE_SERVERS: readonly HostileServer[] = [
  raw('accepts and says nothing', () => {}),
  raw('closes at once', socket => socket.end()),
  raw('resets at once', socket => socket.resetAndDestroy()),
  raw('speaks no HTTP', socket => socket.end('SSH-2.0-OpenSSH_9.6\r\n')),
  raw('endless header', socket => {
    socket.write('HTTP/1.1 200 OK\r\n');
    pour(socket, `X-Filler: ${'x'.repeat(1000)}\r\n`);
  }),
  raw('one header of a megabyte', socket => socket.end(`${JSON_HEAD}X-Big: ${'x'.repeat(1 << 20)}\r\n\r\n{}`)),
  raw('endless interim responses', socket => pour(socket, 'HTTP/1.1 100 Continue\r\n\r\n')),
  raw('header byte by byte', socket => {
    const text = `${JSON_HEAD}\r\n{}`;
    let at = 0;
    const timer = setInterval(() => socket.write(text[at++ % text.length]!), 20);
    socket.once('close', () => clearInterval(timer));
  }),
  raw('body byte by byte', socket => {
    socket.write(`${JSON_HEAD}\r\n`);
    drip(socket, '[', 5);
  }),
  raw('endless body', socket => {
    socket.write(`${JSON_HEAD}\r\n`);
    pour(socket, '['.repeat(65_536));
  }),
  raw('endless small chunks', socket => {
    socket.write(`${JSON_HEAD}Transfer-Encoding: chunked\r\n\r\n`);
    pour(socket, '1\r\n[\r\n'.repeat(1_000));
  }),
  raw('endless event', socket => {
    socket.write(SSE_HEAD);
    pour(socket, `data: ${'x'.repeat(65_536)}\n`);
  }),
  raw('endless comments', socket => {
    socket.write(SSE_HEAD);
    pour(socket, ': still here\n\n'.repeat(1_000));
  }),
  raw('endless events', socket => {
    socket.write(SSE_HEAD);
    pour(socket, 'data: {"jsonrpc":"2.0","method":"notifications/message"}\n\n'.repeat(500));
  }),
  raw('less than Content-Length', socket => socket.end(`${JSON_HEAD}Content-Length: 1000\r\n\r\n{"jsonrpc"`)),
  raw('more than Content-Length', socket => socket.end(`${JSON_HEAD}Content-Length: 2\r\n\r\n{}{}{}{}`)),
  raw('two different Content-Length', socket =>
    socket.end(`${JSON_HEAD}Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}`),
  ),
  raw('a negative Content-Length', socket => socket.end(`${JSON_HEAD}Content-Length: -1\r\n\r\n{}`)),
  raw('a broken chunk', socket => socket.end(`${JSON_HEAD}Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n`)),
  raw('bytes that are no UTF-8', socket => {
    socket.write(JSON_HEAD);
    socket.end(Buffer.concat([Buffer.from('\r\n'), Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0x00, 0xed, 0xa0, 0x80])]));
  }),
  raw('nested a million deep', socket => socket.end(`${JSON_HEAD}\r\n${'[{"a":'.repeat(300_000)}`)),
  raw('a gzip bomb', socket => {
    socket.write(`${JSON_HEAD}Content-Encoding: gzip\r\nContent-Length: ${BOMB.length}\r\n\r\n`);
    socket.end(BOMB);
  }),
  raw('gzip that is none', socket => socket.end(`${JSON_HEAD}Content-Encoding: gzip\r\n\r\nhello`)),
  raw('an unknown content coding', socket => {
    socket.write(`${JSON_HEAD}Content-Encoding: rot13\r\n\r\n`);
    pour(socket, 'x'.repeat(65_536));
  }),
  raw('switches protocols', socket =>
    socket.write('HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
  ),
  raw('a challenge made for bad parsers', socket =>
    socket.end(`HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer ${'a="\\'.repeat(10_000)}\r\nContent-Length: 0\r\n\r\n`),
  ),
  { name: 'an endless chain of redirects', start: () => healthyServer({ fault: loop }) },
  {
    name: 'pages of tools without end',
    start: () =>
      healthyServer({
        fault: async ({ message }, healthy) => {
          const answer = await healthy();
          if (message?.method !== 'tools/list') return answer;
          const page = Number(message.params?.['cursor'] ?? 0);
          const result = {
            tools: [{ name: `t${page}`, inputSchema: { type: 'object' } }],
            nextCursor: String(page + 1),
          };
          return { body: { jsonrpc: '2.0', id: message.id, result } };
        },
      }),
  },
  {
    name: 'tools that are none',
    start: () =>
      healthyServer({
        tools: [
          null,
          1,
          'x',
          [],
          {},
          { name: 7 },
          { name: { a: 1 } },
          { name: 'x', inputSchema: 'no' },
        ] as unknown as object[],
      }),
  },
  {
    name: 'results of the wrong kinds',
    start: () =>
      healthyServer({
        fault: ({ message }) =>
          message?.id === undefined ? undefined : { body: { jsonrpc: '2.0', id: message.id, result: [1, 'x', null] } },
      }),
  },
  {
    name: 'a 429 to everything',
    start: () => healthyServer({ fault: () => ({ status: 429, headers: { 'Retry-After': '3600' } }) }),
  },
];
