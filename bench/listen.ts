/** 10,000 `subscriptions/listen` streams held and one event to all: resident memory per stream against bare node:http. */
import { spawnSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { listenCall } from './call.ts';
import { postBytes } from './keep-alive-client.ts';
import { probe } from './memory-probe.ts';
import type { Measurement, Row } from './row.ts';
import { type RunningServer, type ServerSpec, startServer } from './server-process.ts';
import { median } from './statistics.ts';

const STREAMS = 10_000;
const ROUNDS = 3;
/** How many streams are being opened at one time: below the backlog of a listening socket. */
const OPENING = 100;
const PATIENCE = 60_000;

const subject: ServerSpec = { name: 'slipway', file: 'bench/servers/slipway.ts', args: ['PORT', '20'] };
const bare: ServerSpec = { name: 'raw-listen', file: 'bench/yardstick/raw-listen.mjs', args: ['PORT'] };

/** Client sockets hold no more than what arrived since they were last asked, so that many of them stay cheap. */
class Streams {
  readonly #sockets: Socket[] = [];
  readonly #heard = new Map<Socket, string>();

  async open(port: number, count: number): Promise<void> {
    const request = postBytes(port, listenCall);
    let started = 0;
    const worker = async () => {
      while (started < count) {
        started += 1;
        const socket = connect(port, '127.0.0.1');
        this.#sockets.push(socket);
        socket.setEncoding('utf8').on('data', text => this.#heard.set(socket, (this.#heard.get(socket) ?? '') + text));
        socket.on('error', () => {}); // a lost stream shows as a missing word below
        socket.write(request);
        await this.#hears(socket, 'subscriptions/acknowledged');
      }
    };
    await Promise.all(Array.from({ length: OPENING }, worker));
  }

  /** Resolves once every stream has received `word`. */
  async allHear(word: string): Promise<void> {
    await Promise.all(this.#sockets.map(socket => this.#hears(socket, word)));
  }

  async close(): Promise<void> {
    const closed = this.#sockets.map(socket => new Promise(done => socket.once('close', done).destroy()));
    await Promise.all(closed);
    this.#sockets.length = 0;
    this.#heard.clear();
  }

  #hears(socket: Socket, word: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = () => {
        clearTimeout(timer);
        reject(
          new Error(`a stream never heard "${word}"; it got: ${(this.#heard.get(socket) ?? 'nothing').slice(0, 300)}`),
        );
      };
      const timer = setTimeout(fail, PATIENCE);
      const listen = () => {
        if (!this.#heard.get(socket)?.includes(word)) return;
        clearTimeout(timer);
        socket.off('data', listen).off('close', fail);
        this.#heard.delete(socket);
        resolve();
      };
      socket.on('data', listen).on('close', fail);
      listen();
    });
  }
}

/** Bytes of resident memory per held stream, after one event has reached them all. */
async function bytesPerStream(spec: ServerSpec): Promise<number> {
  const server: RunningServer = await startServer(spec, { probes: true });
  const streams = new Streams();
  try {
    await streams.open(server.port, 500);
    await streams.close();
    const before = await probe(server.process, 'memory');
    await streams.open(server.port, STREAMS);
    const heard = streams.allHear('tools/list_changed');
    await probe(server.process, 'publish');
    await heard;
    const after = await probe(server.process, 'memory');
    return (after.rss - before.rss) / STREAMS;
  } finally {
    await streams.close();
    await server.stop();
  }
}

async function measure(): Promise<Measurement> {
  const limit = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout.trim();
  if (Number(limit) < STREAMS + 500) {
    throw new Error(`this needs ${STREAMS + 500} open files in one process and the system allows ${limit}`);
  }
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await bytesPerStream(subject);
    const theirs = await bytesPerStream(bare);
    ratios.push(ours / theirs);
  }
  return { value: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios), samples: ROUNDS };
}

export const listenRow: Row = {
  name: 'listen-10000',
  work: '10,000 subscriptions/listen streams held, one event to all: memory per stream',
  yardstick: 'a bare node:http server holding as many',
  unit: 'x',
  target: { floor: 1.25, aim: 1.1, better: 'lower' },
  measure,
};
