/** What a run looks like: line by line for who waits, as tables at the end, and as docs/soak.md. */
import { median, type Sample, slopePerMinute } from './sample.ts';
import type { Phase, SoakReport } from './soak.ts';
import {
  ALLOWED,
  type Allowance,
  type Check,
  JUDGED_MINUTES,
  LATENCY_FLOOR,
  LATENCY_GROWTH,
  MEGABYTE,
  samplesAfterFirstFifth,
} from './verdict.ts';

const HEADINGS = [
  'time',
  'calls/s',
  'p50',
  'p99',
  'errors',
  'heap',
  'buffers',
  'RSS',
  'fds',
  'handles',
  'open',
  'state',
];
const WIDTH = 8;

const megabytes = (bytes: number) => (bytes / MEGABYTE).toFixed(1);

function time(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function cells(sample: Sample, phase: Phase): string[] {
  const { seconds, perSecond, p50, p99, faults, heap, external, rss, descriptors, handles, open, state } = sample;
  const speed = phase === 'load' ? [perSecond.toFixed(0), p50.toFixed(1), p99.toFixed(1)] : ['at rest', '', ''];
  const memory = [heap, external, rss].map(megabytes);
  return [time(seconds), ...speed, faults, ...memory, descriptors, handles, open, megabytes(state)].map(String);
}

const aligned = (texts: readonly string[]) => texts.map(text => text.padStart(WIDTH)).join(' ');

/** Above the lines; times in ms, memory in MB. */
export const HEAD = aligned(HEADINGS);

export function line(sample: Sample, phase: Phase): string {
  return aligned(cells(sample, phase));
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map(row => row[column]!.length)));
  const print = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`;
  return [print(headings), rule, ...rows.map(print)].join('\n');
}

const PARTS = 10;

/** The run in tenths: of each the middle value, of errors the last. */
function overTime({ samples, minutes, warm, end }: SoakReport): string {
  const tenth = (minutes * 60) / PARTS;
  const rows: string[][] = [];
  for (let part = 0; part < PARTS; part++) {
    const some = samples.filter(({ seconds }) => Math.ceil(seconds / tenth - 1e-6) - 1 === part);
    const last = some.at(-1);
    if (last === undefined) continue;
    const of = (pick: (sample: Sample) => number) => median(some.map(pick));
    const middle: Sample = {
      ...last,
      perSecond: of(one => one.perSecond),
      p50: of(one => one.p50),
      p99: of(one => one.p99),
      heap: of(one => one.heap),
      external: of(one => one.external),
      rss: of(one => one.rss),
      descriptors: Math.round(of(one => one.descriptors)),
      handles: Math.round(of(one => one.handles)),
      open: Math.round(of(one => one.open)),
    };
    rows.push(cells(middle, 'load'));
    if (part === PARTS / 5 - 1) rows.push(cells(warm, 'rest'));
  }
  return table(HEADINGS, [...rows, cells(end, 'rest')]);
}

function amount(value: number, unit: string): string {
  const digits = Number.isInteger(value) ? 0 : 2;
  return `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`;
}

function checks(all: readonly Check[]): string {
  const rows = all.map(({ name, value, bound, unit, ok }) => [
    name,
    amount(value, unit),
    amount(bound, unit),
    ok ? 'holds' : 'BROKEN',
  ]);
  return table(['what', 'measured', 'at most', ''], rows);
}

function visits(report: SoakReport): string {
  return table(
    ['what clients did', 'times'],
    [...report.visits].sort(([, a], [, b]) => b - a).map(([name, times]) => [name, String(times)]),
  );
}

/** For the eye, at the end of a run. */
export function summary(report: SoakReport): string {
  const { faults, requests, skipped, ok, end, log } = report;
  const broken = report.checks.filter(check => !check.ok).map(({ name }) => name);
  const parts = [visits(report), overTime(report), checks(report.checks)];
  if (faults.length > 0) {
    parts.push(
      `The first of ${end.faults} unexpected answers:\n${faults.map(({ visit, what }) => `- ${visit}: ${what}`).join('\n')}`,
    );
  }
  if (!ok && log !== '') parts.push(`What the server said:\n${log}`);
  const late = skipped === 0 ? '' : `, ${skipped} visits left out as too many were on their way`;
  parts.push(`${requests} requests${late}. ${ok ? 'Every bound holds.' : `BROKEN: ${broken.join(', ')}.`}`);
  return parts.join('\n\n');
}

export function asJson(report: SoakReport): string {
  return JSON.stringify({ ...report, visits: Object.fromEntries(report.visits) }, undefined, 2);
}

/** The bound of what grows with the time, in words. */
function growth({ fixed, perMinute, most }: Allowance): string {
  return `${fixed} MB and ${perMinute} MB per minute, never more than ${most} MB`;
}

/** The whole of docs/soak.md. */
export function page(report: SoakReport): string {
  const { requests, minutes } = report;
  const later = samplesAfterFirstFifth(report);
  const heapSlope = (slopePerMinute(later, ({ heap }) => heap) / MEGABYTE).toFixed(2);
  return `# Soak

One command holds mixed load against a server and fails when the server keeps anything of it:

\`\`\`sh
npm run soak -- --minutes 10                # prints a line every 10 s and a verdict; exit code 1 when a bound is broken
npm run soak -- --minutes 2 --plant memory  # plants a leak, which has to be found: memory, descriptors or streams
npm run soak -- --minutes 10 --write        # rewrites this page
npm run soak -- --help                      # the other options
\`\`\`

It needs Linux, for it counts descriptors in \`/proc\`.

## A run

Written by \`npm run soak -- --minutes ${minutes} --write\`: ${requests} requests in ${minutes} minutes, on two shared cores.
Times in milliseconds, of quick calls; memory in MB; of each part of the run the middle value.

${overTime(report)}

| column | what |
|---|---|
| errors | answers that were not what they should be, since the start |
| heap, buffers | what the server holds after a forced garbage collection: data on V8's heap (compiled code left out), and outside of it |
| fds, handles | open descriptors as the operating system counts them, and what keeps the event loop alive |
| open | calls in flight, bodies on their way in and streams, by the endpoint's own gauges |
| state | size of the database with its write-ahead log, which is used again and does not shrink |

## The verdict

${checks(report.checks)}

- **Growth at rest** is the exact test. After the first fifth, and again after the last, the load stops, every client leaves, and
  the server is measured once its gauges are at 0. Between the two nothing of ${requests} requests may be left: no
  descriptor, no handle, no open call. The heap may grow by ${growth(ALLOWED.heapAtRest)}: caches with a
  bound of their own (the sessions seen last, their names in the log) fill up to it. 200 bytes kept of each request would be
  ${((requests * 0.8 * 200) / MEGABYTE).toFixed(0)} MB.
- **Growth under load** is the slope by least squares over all samples after the first fifth, times that time. It finds what is
  let go of only when nobody calls any more. Allowed for the heap: ${growth(ALLOWED.heapUnderLoad)} (here it was
  ${heapSlope} MB per minute); for files, the descriptors that are no connection of a client: ${ALLOWED.filesUnderLoad.fixed}.
- **Resident memory** moves in steps, as the allocators ask the system for more and seldom give back. Allowed: ${growth(ALLOWED.rssUnderLoad)}.
- **Latency** in the last fifth is at most ${LATENCY_GROWTH} times that in the second fifth: of the 10-second values the lower quartile, since
  neighbours on shared cores only ever add. Less than ${LATENCY_FLOOR.p50} ms (p50) or ${LATENCY_FLOOR.p99} ms (p99) is not judged.
- **Errors in the log**: nothing that clients do to it is an error of the server's.
- Latency and resident memory are judged from ${JUDGED_MINUTES} minutes on; all else also in seconds, as in \`npm test\`.

## What clients do

${visits(report)}

The load is bounded by the clock, not by how fast the server answers, and takes a fraction of one core at rate 1. Every
answer is checked: the right result under the right id, each message of a stream once and in order, also over a cut; the right
status for what is refused. The server runs as in production: state in a directory, access log and audit trail in files that are rotated
every 10 seconds, metrics on the admin port, rate limits that count. What sessions and streams leave behind is forgotten after a
minute in place of five, so that forgetting is part of the run. The code is in \`test/soak/\`, the reasons in
[decision 0028](decisions/0028-soak.md).
`;
}
