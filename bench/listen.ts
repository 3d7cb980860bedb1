/** 10,000 streams held and one event to all: resident memory per stream against bare node:http. */
import { spawnSync } from 'node:child_process';
import { initializeCall, listenCall } from './call.ts';
import { HeldStreams } from './held-streams.ts';
import { requestBytes, sendMany, sessionIdOf } from './keep-alive-client.ts';
import { probe } from './memory-probe.ts';
import type { Measurement, Row, Target } from './row.ts';
import { type ServerSpec, startServer } from './server-process.ts';
import { bare, slipway } from './server-specs.ts';
import { median } from './statistics.ts';

const STREAMS = 10_000;
const ROUNDS = 3;
const WARM_UP = 500;

/** One kind of stream. */
type Kind = {
  /** The requests that open {@link STREAMS} streams. */
  requests: (port: number) => Promise<readonly string[]>;
  /** What each says once it is open. */
  greeting: string;
};

const listening: Kind = {
  requests: async port => Array.from({ length: STREAMS }, () => requestBytes(port, listenCall)),
  greeting: 'subscriptions/acknowledged',
};

/** The sessions are begun before the memory is first read: nothing is kept of them until they are used. */
const standalone: Kind = {
  requests: async port => {
    const ids: string[] = [];
    const initialize = requestBytes(port, initializeCall);
    await sendMany(port, initialize, STREAMS, initializeCall.expected, answer => ids.push(sessionIdOf(answer)));
    const headers = { accept: 'text/event-stream', 'mcp-protocol-version': '2025-11-25' };
    return ids.map(id => requestBytes(port, { headers: { ...headers, 'mcp-session-id': id } }));
  },
  greeting: 'data: ',
};

/** Bytes of resident memory per held stream, after one event has reached them all. */
async function bytesPerStream(spec: ServerSpec, { requests, greeting }: Kind): Promise<number> {
  const server = await startServer(spec, { probes: true });
  const streams = new HeldStreams();
  try {
    const all = await requests(server.port);
    await streams.open(server.port, all.slice(0, WARM_UP), greeting);
    await streams.close();
    const before = await probe(server.process, 'memory');
    await streams.open(server.port, all, greeting);
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

async function measure(subject: ServerSpec, yardstick: ServerSpec, kind: Kind): Promise<Measurement> {
  const limit = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout.trim();
  if (Number(limit) < STREAMS + 500) {
    throw new Error(`this needs ${STREAMS + 500} open files in one process and the system allows ${limit}`);
  }
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await bytesPerStream(subject, kind);
    const theirs = await bytesPerStream(yardstick, kind);
    ratios.push(ours / theirs);
  }
  return { value: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios), samples: ROUNDS };
}

const yardstick = 'a bare node:http server holding as many';
const unit = 'x';
const target: Target = { floor: 1.25, aim: 1.1, better: 'lower' };

export const listenRows: readonly Row[] = [
  {
    name: 'listen-10000',
    work: '10,000 subscriptions/listen streams held, one event to all: memory per stream',
    yardstick,
    unit,
    target,
    measure: () => measure(slipway(), bare('raw-listen'), listening),
  },
  {
    name: 'get-streams-10000',
    work: '10,000 GET streams of 10,000 sessions held, one event to all: memory per stream',
    yardstick,
    unit,
    target,
    measure: () => measure(slipway(), bare('raw-get-streams'), standalone),
  },
  {
    name: 'get-streams-10000-sqlite',
    work: 'the same with a stateDir',
    yardstick,
    unit,
    target: undefined,
    measure: () => measure(slipway({ state: 'sqlite' }), bare('raw-get-streams'), standalone),
  },
];
