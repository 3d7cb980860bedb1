/** 100,000 legacy `initialize`: what a server keeps of clients that begin a session and never come back. */
import { initializeCall } from './call.ts';
import { requestBytes, sendMany, sessionIdOf } from './keep-alive-client.ts';
import { probe } from './memory-probe.ts';
import type { Measurement, Row, Target } from './row.ts';
import { type ServerSpec, startServer } from './server-process.ts';
import { slipway } from './server-specs.ts';
import { median } from './statistics.ts';

const WARM_UP = 20_000;
const COUNT = 100_000;
const ROUNDS = 3;

/** Resident memory gained, in megabytes of 1,048,576 bytes. */
async function growth(subject: ServerSpec): Promise<number> {
  const server = await startServer(subject, { probes: true });
  try {
    const request = requestBytes(server.port, initializeCall);
    const initialize = (count: number) =>
      sendMany(server.port, request, count, initializeCall.expected, answer => void sessionIdOf(answer));
    await initialize(WARM_UP);
    const before = await probe(server.process, 'memory');
    await initialize(COUNT);
    const after = await probe(server.process, 'memory');
    return (after.rss - before.rss) / 2 ** 20;
  } finally {
    await server.stop();
  }
}

async function measure(subject: ServerSpec): Promise<Measurement> {
  const grown: number[] = [];
  for (let round = 0; round < ROUNDS; round++) grown.push(await growth(subject));
  return { value: median(grown), low: Math.min(...grown), high: Math.max(...grown), samples: ROUNDS };
}

const unit = 'MB';
const target: Target = { floor: 10, aim: 2, better: 'lower' };

export const initializeRows: readonly Row[] = [
  {
    name: 'initialize-100000',
    work: '100,000 sessions begun (initialize) after 20,000 to warm up, forced GC: resident memory',
    yardstick: 'resident memory before',
    unit,
    target,
    measure: () => measure(slipway()),
  },
  {
    name: 'initialize-100000-sqlite',
    work: 'the same with a stateDir',
    yardstick: 'resident memory before',
    unit,
    target,
    measure: () => measure(slipway({ state: 'sqlite' })),
  },
];
