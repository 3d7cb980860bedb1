/** Requests per second of two servers under the same wrk script, pair by pair. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerTo, type Call, type Variables } from './call.ts';
import { collectPairs, type Pair, summary } from './pairs.ts';
import type { Measurement, Plan, Row, Target } from './row.ts';
import { type RunningServer, type ServerSpec, startServer } from './server-process.ts';
import { bare } from './server-specs.ts';

/** How often both servers are started afresh: two processes of one program can differ for as long as they live. */
const GENERATIONS = 3;

export const higher = (floor: number, aim: number): Target => ({ floor, aim, better: 'higher' });

/** A row whose value is a ratio of rates. */
export function ratioRow(
  name: string,
  work: string,
  yardstick: string,
  target: Target | undefined,
  measure: (plan: Plan) => Promise<Measurement>,
): Row {
  return { name, work, yardstick, unit: 'x', target, measure };
}

/** A server that needs preparations is asked for them once it listens. */
const start = (spec: ServerSpec, call: Call) => startServer(spec, call.prepare === undefined ? { call } : {});

async function prepared(server: RunningServer, call: Call): Promise<Variables> {
  const variables = (await call.prepare?.(server.url)) ?? {};
  await answerTo(call, server.url, variables);
  return variables;
}

/** Both servers run while the pairs are measured; the one that is not under load waits in epoll and costs nothing. */
async function comparePairs(subject: ServerSpec, yardstick: ServerSpec, call: Call, plan: Plan): Promise<Pair[]> {
  const left = await start(subject, call);
  try {
    const right = await start(yardstick, call);
    try {
      const ours = await prepared(left, call);
      // What knows nothing of sessions gets the same bytes as we do.
      const isBare = yardstick.file.startsWith('bench/yardstick/');
      const theirs = isBare ? ours : await prepared(right, call);
      if (isBare) await answerTo(call, right.url, theirs);
      const { script, connections } = call;
      const [a, b] = [
        { server: left, variables: ours },
        { server: right, variables: theirs },
      ];
      return await collectPairs(a, b, { ...plan, script, connections });
    } finally {
      await right.stop();
    }
  } finally {
    await left.stop();
  }
}

export async function compare(
  subject: ServerSpec,
  yardstick: ServerSpec,
  call: Call,
  plan: Plan,
): Promise<Measurement> {
  const all: Pair[] = [];
  for (let generation = 0; generation < GENERATIONS; generation++) {
    const missing = plan.pairs - all.length;
    if (missing === 0) break;
    const pairs = Math.ceil(missing / (GENERATIONS - generation));
    all.push(...(await comparePairs(subject, yardstick, call, { ...plan, pairs })));
  }
  const { ratio, pairs, ...rest } = summary(all);
  return { value: ratio, samples: pairs, ...rest };
}

/**
 * Against a bare server that sends what Slipway answered, byte for byte, from memory.
 *
 * @param yardstick a file of bench/yardstick that takes the name of a file with the answer
 */
export async function compareBytes(
  subject: ServerSpec,
  yardstick: string,
  call: Call,
  plan: Plan,
): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  try {
    const server = await start(subject, call);
    const file = join(folder, 'answer');
    try {
      writeFileSync(file, await answerTo(call, server.url, await prepared(server, call)));
    } finally {
      await server.stop();
    }
    return await compare(subject, bare(yardstick, file), call, plan);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
