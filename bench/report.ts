/** The table: for the eye, for docs/benchmarks.md, and as JSON for programs. */
import { cpus } from 'node:os';
import { formatValue, type Latency, type Measurement, type Row, verdict } from './row.ts';

/** A row that was measured, or why it was not. */
export type Outcome = { row: Row } & ({ measurement: Measurement } | { fault: string });

const HEADINGS = [
  'work',
  'against',
  'value',
  'spread',
  '95 %',
  'floor',
  'aim',
  'verdict',
  'p50 / p99 ms',
  'theirs',
  'disturbed',
];

const latency = (value: Latency | undefined) => (value ? `${value.p50.toFixed(2)} / ${value.p99.toFixed(2)}` : '');

function cells(outcome: Outcome): string[] {
  const { row } = outcome;
  const format = (value: number) => formatValue(row, value);
  const goals = row.target ? [format(row.target.floor), format(row.target.aim)] : ['', ''];
  if ('fault' in outcome) {
    const firstLine = outcome.fault.split('\n', 1)[0]!;
    return [row.work, row.yardstick, 'not measured', '', '', ...goals, firstLine, '', '', ''];
  }
  const { value, low, high, samples, subject, yardstick, disturbed, interval } = outcome.measurement;
  return [
    row.work,
    row.yardstick,
    format(value),
    `${format(low)} .. ${format(high)} (${samples})`,
    interval ? `${format(interval[0])} .. ${format(interval[1])}` : '',
    ...goals,
    verdict(row, value),
    latency(subject),
    latency(yardstick),
    disturbed === undefined ? '' : `${(disturbed * 100).toFixed(1)} %`,
  ];
}

/** A Markdown table whose columns also line up in a terminal. */
export function table(outcomes: readonly Outcome[]): string {
  const lines = [HEADINGS, ...outcomes.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map(line => line[column]!.length)));
  const print = (line: readonly string[]) =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`;
  return [print(lines[0]!), rule, ...lines.slice(1).map(print)].join('\n');
}

export function machine(): string {
  const cores = cpus();
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${cores.length} cores (${cores[0]?.model.trim() ?? 'unknown'})`;
}

export function asJson(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(outcome => {
    const { name, work, yardstick, unit, target } = outcome.row;
    const result = 'fault' in outcome ? { fault: outcome.fault } : outcome.measurement;
    const judged = 'fault' in outcome ? undefined : verdict(outcome.row, outcome.measurement.value) || undefined;
    return { name, work, against: yardstick, unit, target, ...result, verdict: judged };
  });
  return JSON.stringify({ date: new Date().toISOString(), machine: machine(), rows }, null, 2);
}

/** The whole of docs/benchmarks.md. */
export function page(outcomes: readonly Outcome[], plan: { pairs: number; seconds: number }): string {
  return `# Benchmarks

Written by \`npm run bench -- --write\` on ${new Date().toISOString().slice(0, 10)}. ${machine()}.

${table(outcomes)}

## How to read it

- A value ending in x is Slipway's requests per second divided by the yardstick's (for held streams: memory per stream
  divided by the yardstick's): the median of ${plan.pairs} interleaved pairs of ${plan.seconds} s, with the lowest and the highest beside it and
  the number of pairs in brackets. Absolute rates say more about the machine than about us and are left out.
  The column 95 % is where the true median lies with that confidence (sign test).
- Every server is a process of its own, pinned to core 0, and started afresh for each third of the pairs, because two
  processes of the same program differ by some per cent for as long as they live; wrk has core 1 to itself, with one thread and
  32 connections unless the row says otherwise. Every default of Slipway is on. Every server offers 20 tools unless the row says otherwise. Its answer
  is checked before it is timed, and a run with one answer that is not a 2xx fails its row.
- raw is \`bench/yardstick/raw.mjs\`: node:http that parses the message and answers it, without any protocol.
  It takes each request alone, from the socket to its answer; Slipway answers together what has come in one turn of the
  event loop (decision 0034), which is how it can be faster than that under load.
- A session is begun before the timing, and all connections use it; the yardstick gets the same header. A stateDir is a
  fresh folder in the system's temp folder. The rows of streams and of resuming have no target: they say what it costs
  that a stream can be resumed (against node:http that writes the same events), and what it costs that it survives the
  process (against Slipway without a stateDir).
- p50 and p99 are latencies under that full load, medians over the pairs; "theirs" are the yardstick's. In the row of
  resuming, where one client sends one request at a time, they are how long a resumption takes.
- "disturbed" is the share of the two cores that others had meanwhile: other machines on the same hardware and other
  processes of this one (median of the kept pairs). Pairs with 5 % or more are measured again, up to as many times as
  there are pairs, and the calmest are kept; the choice never looks at the ratio. The self-check row says what noise is
  left: it should read 1.00 x.

## How to repeat it

\`\`\`sh
npm ci                                   # the peers are a workspace and come with it
npm run build                            # so that the start is measured as users see it
npm run bench                            # every row; needs Linux, wrk and taskset
npm run bench -- --rows call,tmcp        # some rows
npm run bench -- --pairs 31 --seconds 1  # a shared machine: many short pairs
npm run bench -- --write                 # rewrites this page
\`\`\`
`;
}
