/** The rows that compare requests per second: Slipway and its yardstick under the same wrk script, pair by pair. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerTo, type Call, legacyCall, listCall, modernCall } from './call.ts';
import { collectPairs, type Pair, summary } from './pairs.ts';
import type { Measurement, Plan, Row, Target } from './row.ts';
import { type ServerSpec, startServer } from './server-process.ts';

const higher = (floor: number, aim: number): Target => ({ floor, aim, better: 'higher' });

const slipway = (tools: number, responseMode: 'json' | 'sse' | 'auto' = 'auto'): ServerSpec => ({
  name: 'slipway',
  file: 'bench/servers/slipway.ts',
  args: ['PORT', String(tools), responseMode],
});

const raw = (mode: 'json' | 'sse' = 'json'): ServerSpec => ({
  name: 'raw.mjs',
  file: 'bench/yardstick/raw.mjs',
  args: ['PORT', mode],
});

const peer = (name: string): ServerSpec => ({ name, file: `peers/${name}.ts`, args: ['PORT'] });

/** How often both servers are started afresh: two processes of one program can differ for as long as they live. */
const GENERATIONS = 3;

/** Both servers run while the pairs are measured; the one that is not under load waits in epoll and costs nothing. */
async function comparePairs(subject: ServerSpec, yardstick: ServerSpec, call: Call, plan: Plan): Promise<Pair[]> {
  const left = await startServer(subject, { call });
  try {
    const right = await startServer(yardstick, { call });
    try {
      return await collectPairs(left, right, { ...plan, script: call.script });
    } finally {
      await right.stop();
    }
  } finally {
    await left.stop();
  }
}

async function compare(subject: ServerSpec, yardstick: ServerSpec, call: Call, plan: Plan): Promise<Measurement> {
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

/** The yardstick of a list serves what Slipway answered, byte for byte, from memory. */
async function compareList(plan: Plan): Promise<Measurement> {
  const subject = slipway(100, 'json');
  const server = await startServer(subject, { call: listCall });
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  try {
    const file = join(folder, 'tools-list.json');
    writeFileSync(file, await answerTo(listCall, server.url));
    await server.stop();
    const bytes: ServerSpec = { name: 'raw-bytes', file: 'bench/yardstick/raw-bytes.mjs', args: ['PORT', file] };
    return await compare(subject, bytes, listCall, plan);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

function row(
  name: string,
  work: string,
  yardstick: string,
  target: Target | undefined,
  measure: (plan: Plan) => Promise<Measurement>,
): Row {
  return { name, work, yardstick, unit: 'x', target, measure };
}

const versus = (name: string, work: string, yardstick: string, target: Target, call: Call): Row =>
  row(name, work, yardstick, target, plan => compare(slipway(20), peer(name), call, plan));

export const throughputRows: readonly Row[] = [
  row('self-check', 'raw against itself (says how noisy this run is)', 'raw', undefined, plan =>
    compare(raw(), raw(), modernCall, plan),
  ),
  row('call', 'tools/call, 2026-07-28, JSON, every default on', 'raw', higher(0.8, 0.88), plan =>
    compare(slipway(20), raw(), modernCall, plan),
  ),
  row('call-1000-tools', 'the same with 1,000 tools registered', 'itself with 2 tools', higher(0.97, 1), plan =>
    compare(slipway(1000), slipway(2), modernCall, plan),
  ),
  row('call-2025', 'tools/call, 2025-11-25, JSON, stateless (no session yet)', 'raw', higher(0.78, 0.86), plan =>
    compare(slipway(20), raw(), legacyCall, plan),
  ),
  row('call-sse', 'tools/call, 2026-07-28, answered as SSE', 'raw, sse', higher(0.8, 0.88), plan =>
    compare(slipway(20, 'sse'), raw('sse'), modernCall, plan),
  ),
  row('list-100', 'tools/list of 100 tools', 'raw write of the same bytes', higher(0.85, 0.92), compareList),
  versus('official-sdk-v2', 'tools/call, 2026-07-28', 'official SDK v2', higher(18, 25), modernCall),
  versus('tmcp', 'tools/call, 2026-07-28', 'tmcp', higher(5.5, 7), modernCall),
  versus('mcp-handler', 'tools/call, 2026-07-28', 'mcp-handler', higher(5.5, 7), modernCall),
  versus('fastmcp', 'tools/call, 2025-11-25, stateless', 'fastmcp (speaks 2025 only)', higher(5.5, 7), legacyCall),
];
