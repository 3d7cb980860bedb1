/**
 * The open-ended fuzz: `npm run fuzz -- --seconds 60 --seed 7`. Without a seed it takes the time of day. One input alone:
 * `--seed 7 --only 1234`, which also prints its bytes. Exit code 1 when something was found.
 */
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.ts';
import { exchange } from './exchange.ts';
import { generate } from './generate.ts';
import { startTarget } from './target-process.ts';
import { judge } from './verdict.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1000) % 1_000_000) },
    only: { type: 'string' },
  },
});
const seed = Number(values.seed);
const seconds = Number(values.seconds);
if (!Number.isSafeInteger(seed) || !(seconds > 0)) {
  console.error('--seed takes an integer, --seconds a number above 0');
  process.exit(1);
}

const target = await startTarget();
try {
  if (values.only !== undefined) {
    const input = generate(seed, Number(values.only), target.port);
    console.log(`${input.label}\n${Buffer.concat(input.packets).toString('latin1')}\n`);
    const seen = await exchange(input, target.port);
    const finding = judge(input, seen);
    console.log(seen, finding ?? 'nothing wrong');
    process.exitCode = finding === undefined ? 0 : 1;
  } else {
    console.log(`fuzzing for ${seconds} s with seed ${seed}`);
    const end = performance.now() + seconds * 1000;
    const isOver = () => performance.now() > end;
    const report = await runCampaign(target, { seed, inputs: Number.MAX_SAFE_INTEGER, warmUp: 3000, isOver });
    for (const { kind, detail, input } of report.findings.slice(0, 20)) {
      const where = input === undefined ? '' : ` (${input.label}; again with --seed ${seed} --only ${input.number})`;
      console.log(`${kind}${where}\n  ${detail}`);
    }
    const statuses = [...report.statuses]
      .sort(([a], [b]) => a - b)
      .map(([status, count]) => `${status || 'closed'}: ${count}`);
    console.log(statuses.join(', '));
    const held = ((report.after?.heldBytes ?? 0) / 2 ** 20).toFixed(1);
    console.log(
      `${report.inputs} inputs, ${report.dispatched} reached dispatch, ${held} MB held, ${report.findings.length} findings`,
    );
    process.exitCode = report.findings.length > 0 ? 1 : 0;
  }
} finally {
  await target.stop();
}
