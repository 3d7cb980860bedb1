/** `npm run soak`: see docs/soak.md. Exit code 1 when a bound is broken. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PLANTED_LEAKS } from './planted-leak.ts';
import { asJson, HEAD, line, page, summary } from './report.ts';
import { soak } from './soak.ts';

const HELP = `npm run soak -- [options]

Holds mixed load against a server and fails when the server keeps anything of it.

  --minutes N    of load (default 10; 0.2 is a short run)
  --rate N       times of the usual 400 or so requests per second (default 1)
  --plant LEAK   has the server leak: ${PLANTED_LEAKS.join(', ')}; the run has to fail; may be repeated
  --json         the report as JSON on stdout, the lines on stderr
  --write        writes docs/soak.md

Example: npm run soak -- --minutes 2 --plant descriptors`;

function fail(why: string): never {
  console.error(`${why}\n\n${HELP}`);
  process.exit(1);
}

function read() {
  try {
    return parseArgs({
      options: {
        minutes: { type: 'string', default: '10' },
        rate: { type: 'string', default: '1' },
        plant: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail((error as Error).message);
  }
}

const given = read();
if (given.help) {
  console.log(HELP);
  process.exit(0);
}
const [minutes, rate] = [Number(given.minutes), Number(given.rate)];
if (!(minutes > 0) || !(rate > 0)) fail('--minutes and --rate take a number above 0');
const plant = given.plant.map(
  name => PLANTED_LEAKS.find(leak => leak === name) ?? fail(`--plant takes ${PLANTED_LEAKS.join(', ')}, not ${name}`),
);
if (given.write && plant.length > 0) fail('a run with a planted leak is nothing for the documentation');

const tell = given.json ? console.error : console.log;
tell(HEAD);
const report = await soak({
  minutes,
  rate,
  plant,
  onSample: (sample, phase) => tell(line(sample, phase)),
}).catch(error => {
  console.error(error.message);
  process.exit(1);
});
tell(`\n${summary(report)}`);
if (given.json) console.log(asJson(report));
if (given.write) {
  if (report.ok) writeFileSync(resolve(import.meta.dirname, '../../docs/soak.md'), page(report));
  else tell('docs/soak.md was not written: it shows a run that holds');
}
process.exitCode = report.ok ? 0 : 1;
