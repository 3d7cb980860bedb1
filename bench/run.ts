/** `npm run bench`: measures Slipway against its yardsticks and prints one table. Never part of the tests. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { initializeRows } from './initialize.ts';
import { listenRows } from './listen.ts';
import { missingPrograms } from './load.ts';
import { asJson, machine, type Outcome, page, table } from './report.ts';
import { formatValue, type Plan, type Row } from './row.ts';
import { sessionRows } from './session-rows.ts';
import { startRows } from './start.ts';
import { throughputRows } from './throughput-rows.ts';

const rows: readonly Row[] = [...throughputRows, ...sessionRows, ...listenRows, ...initializeRows, ...startRows];

const HELP = `usage: npm run bench -- [options]

  --pairs N      interleaved pairs per row (default 7)
  --seconds S    seconds per run of a pair (default 2)
  --rows a,b     only these rows (default all)
  --json         print JSON instead of a table
  --write        also write docs/benchmarks.md
  --help         this text

rows: ${rows.map(row => row.name).join(', ')}

example: npm run bench -- --rows self-check,call --pairs 9
`;

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) fail(`--${name} is a whole number from 1, not ${text}`);
  return value;
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        pairs: { type: 'string', default: '7' },
        seconds: { type: 'string', default: '2' },
        rows: { type: 'string' },
        json: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${HELP}`);
  }
}

function chosenRows(names: string | undefined): readonly Row[] {
  if (names === undefined) return rows;
  return names
    .split(',')
    .map(name => rows.find(row => row.name === name) ?? fail(`no row is named ${name}\n\n${HELP}`));
}

async function measured(row: Row, plan: Plan): Promise<Outcome> {
  try {
    return { row, measurement: await row.measure(plan) };
  } catch (error) {
    return { row, fault: (error as Error).message };
  }
}

const options = readArguments();
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const plan: Plan = { pairs: wholeNumber('pairs', options.pairs), seconds: wholeNumber('seconds', options.seconds) };
const chosen = chosenRows(options.rows);
const missing = missingPrograms();
if (missing.length > 0) fail(missing.join('\n'));

const outcomes: Outcome[] = [];
for (const [index, row] of chosen.entries()) {
  process.stderr.write(`[${index + 1}/${chosen.length}] ${row.name} ... `);
  const outcome = await measured(row, plan);
  outcomes.push(outcome);
  const said = 'fault' in outcome ? `not measured: ${outcome.fault}` : formatValue(row, outcome.measurement.value);
  process.stderr.write(`${said}\n`);
}

console.log(options.json ? asJson(outcomes) : `${machine()}\n\n${table(outcomes)}`);
if (options.write) writeFileSync(resolve(import.meta.dirname, '../docs/benchmarks.md'), page(outcomes, plan));
process.exitCode = outcomes.some(outcome => 'fault' in outcome) ? 1 : 0;
