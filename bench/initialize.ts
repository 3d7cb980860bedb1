/** 100,000 legacy `initialize`: what a server keeps of clients that open a session and never come back. */
import { initializeCall } from './call.ts';
import { postBytes, sendMany } from './keep-alive-client.ts';
import { probe } from './memory-probe.ts';
import type { Measurement, Row } from './row.ts';
import { type ServerSpec, startServer } from './server-process.ts';
import { median } from './statistics.ts';

const WARM_UP = 20_000;
const COUNT = 100_000;
const ROUNDS = 3;

const subject: ServerSpec = { name: 'slipway', file: 'bench/servers/slipway.ts', args: ['PORT', '20'] };

/** Resident memory gained, in megabytes of 1,048,576 bytes. */
async function growth(): Promise<number> {
  const server = await startServer(subject, { probes: true });
  try {
    const request = postBytes(server.port, initializeCall);
    await sendMany(server.port, request, WARM_UP, initializeCall.expected);
    const before = await probe(server.process, 'memory');
    await sendMany(server.port, request, COUNT, initializeCall.expected);
    const after = await probe(server.process, 'memory');
    return (after.rss - before.rss) / 2 ** 20;
  } finally {
    await server.stop();
  }
}

async function measure(): Promise<Measurement> {
  const grown: number[] = [];
  for (let round = 0; round < ROUNDS; round++) grown.push(await growth());
  return { value: median(grown), low: Math.min(...grown), high: Math.max(...grown), samples: ROUNDS };
}

export const initializeRow: Row = {
  name: 'initialize-100000',
  work: '100,000 legacy initialize after 20,000 to warm up, forced GC: resident memory',
  yardstick: 'resident memory before',
  unit: 'MB',
  target: { floor: 10, aim: 2, better: 'lower' },
  measure,
};
