// The engine with probes of its own: order, bounds, needs, what fails, and that causes come before consequences.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { entryOf } from '../../src/doctor/catalogue/catalogue.ts';
import type { Stage } from '../../src/doctor/catalogue/catalogue-entry.ts';
import { examine } from '../../src/doctor/doctor.ts';
import { fact } from '../../src/doctor/evidence.ts';
import { awakeTimeout } from '../../src/doctor/exchange/patience.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { fold } from '../../src/doctor/folding.ts';
import type { Probe } from '../../src/doctor/probe.ts';
import type { StagePlan } from '../../src/doctor/stage-plan.ts';

const LIMITS = { exchangeMs: 200, probeMs: 300, runMs: 5_000 };

function probe(stage: Stage, rows: readonly number[], run: Probe['run'], rest: Partial<Probe> = {}): Probe {
  return { name: `looks for ${rows.join(', ')}`, stage, rows, run, ...rest };
}

function sees(stage: Stage, ...rows: number[]): Probe {
  return probe(stage, rows, async () => rows.map(row => ({ row, evidence: [fact(`row ${row} was seen`)] })));
}

function run(plans: readonly StagePlan[], options: Partial<Parameters<typeof examine>[0]> = {}) {
  return examine({ url: 'http://127.0.0.1:9/mcp', allowPrivate: true, plans, limits: LIMITS, ...options });
}

function rowsOf(findings: readonly Finding[]): readonly number[] {
  return findings.map(({ row }) => row);
}

describe('the engine of the doctor', () => {
  test('a probe that throws could not be checked, and ends nothing', async () => {
    const broken = probe('edge', [6], async () => {
      throw new Error('a fault of ours');
    });
    const report = await run([{ stage: 'edge', probes: [broken, sees('edge', 18)] }]);
    assert.deepEqual(rowsOf(report.findings), [18]);
    const [unchecked] = report.unchecked;
    assert.deepEqual([unchecked?.rows, unchecked?.failed], [[6], true]);
    assert.match(unchecked?.why ?? '', /could not be checked: a fault of ours/);
    assert.deepEqual(report.checked, [18]);
  });

  test('a probe that never ends is left behind', async () => {
    const endless = probe('edge', [6], () => new Promise(() => {}));
    const report = await run([
      { stage: 'edge', probes: [endless] },
      { stage: 'mcp', probes: [sees('mcp', 32)] },
    ]);
    assert.deepEqual(rowsOf(report.findings), [32]);
    assert.match(report.unchecked[0]?.why ?? '', /longer than 300 ms/);
  });

  test('a probe that reports a row of another is told, not believed', async () => {
    const foreign = probe('edge', [6], async () => [{ row: 7, evidence: [] }]);
    const report = await run([{ stage: 'edge', probes: [foreign] }]);
    assert.deepEqual(rowsOf(report.findings), []);
    assert.match(report.unchecked[0]?.why ?? '', /reports row 7/);
  });

  test('a stage that is blocked says why, and those behind it are not examined', async () => {
    const plans: StagePlan[] = [
      { stage: 'address', probes: [sees('address', 3)] },
      { stage: 'tls', probes: [sees('tls', 5)], blocked: async () => 'nothing listens there' },
      { stage: 'edge', probes: [sees('edge', 18)] },
    ];
    const report = await run(plans);
    assert.deepEqual(rowsOf(report.findings), [3]);
    assert.deepEqual(report.stages, [
      { stage: 'address', state: 'examined' },
      { stage: 'tls', state: 'blocked', why: 'nothing listens there' },
      { stage: 'edge', state: 'skipped' },
    ]);
    // Row 3 is a risk only, so that nothing is known to keep Claude out.
    assert.equal(report.verdict, 'not-run');
  });

  test('a stage begins when the former has ended, and its probes run side by side unless they say otherwise', async () => {
    const seen: string[] = [];
    const noted = (stage: Stage, row: number, rest: Partial<Probe> = {}) =>
      probe(
        stage,
        [row],
        async () => {
          seen.push(`${row} begins`);
          await new Promise(resolve => setImmediate(resolve));
          seen.push(`${row} ends`);
          return [];
        },
        rest,
      );
    await run([
      { stage: 'edge', probes: [noted('edge', 6, { alone: true }), noted('edge', 7), noted('edge', 8)] },
      { stage: 'mcp', probes: [noted('mcp', 32)] },
    ]);
    assert.deepEqual(seen, ['7 begins', '8 begins', '7 ends', '8 ends', '6 begins', '6 ends', '32 begins', '32 ends']);
  });

  test('a probe whose need is not met is told with the reason, and runs where it is', async () => {
    const writing = { ...sees('edge', 16), needs: ['write'] as const };
    const without = await run([{ stage: 'edge', probes: [writing] }]);
    assert.deepEqual(rowsOf(without.findings), []);
    assert.deepEqual([without.unchecked[0]?.rows, without.unchecked[0]?.failed], [[16], false]);
    assert.match(without.unchecked[0]?.why ?? '', /--write/);
    const withIt = await run([{ stage: 'edge', probes: [writing] }], { write: true });
    assert.deepEqual(rowsOf(withIt.findings), [16]);
  });

  test('the whole run has a bound, and what it cuts off is told', async () => {
    const endless = (row: number) => probe('edge', [row], () => new Promise(() => {}), { alone: true });
    const rows = [6, 7, 8, 9, 10, 11, 12, 13];
    const report = await run([{ stage: 'edge', probes: rows.map(endless) }], { limits: { ...LIMITS, runMs: 700 } });
    assert.deepEqual(
      report.unchecked.flatMap(one => one.rows),
      rows,
    );
    assert.ok(report.unchecked.some(({ why }) => /ended before/.test(why)));
  });

  test('it may be ended from outside', async () => {
    const ending = new AbortController();
    const endless = probe('edge', [6], () => {
      queueMicrotask(() => ending.abort());
      return new Promise(() => {});
    });
    const report = await run(
      [
        { stage: 'edge', probes: [endless] },
        { stage: 'mcp', probes: [sees('mcp', 32)] },
      ],
      {
        signal: ending.signal,
        limits: { ...LIMITS, probeMs: 60_000 },
      },
    );
    assert.match(report.unchecked[0]?.why ?? '', /ended before/);
    assert.deepEqual(report.stages.at(-1)?.state, 'blocked');
  });

  test('progress tells every stage and probe', async () => {
    const told: string[] = [];
    await run([{ stage: 'edge', probes: [sees('edge', 18)] }], {
      progress: {
        stageBegins: stage => told.push(`stage ${stage}`),
        probeBegins: ({ name }) => told.push(`begins ${name}`),
        probeEnds: ({ name }, sightings) => told.push(`ends ${name} with ${sightings.length}`),
        stageEnds: ({ stage, state }) => told.push(`${stage} ${state}`),
      },
    });
    assert.deepEqual(told, ['stage edge', 'begins looks for 18', 'ends looks for 18 with 1', 'edge examined']);
  });
});

describe('causes before consequences', () => {
  const seen = (row: number, explains: readonly number[] = []) => ({
    entry: entryOf(row),
    sightings: [{ row, evidence: [], explains }],
  });
  const shape = (folded: ReturnType<typeof fold>): unknown =>
    folded.map(({ seen: { entry }, consequences }) =>
      consequences.length === 0 ? entry.row : [entry.row, shape(consequences)],
    );

  test('what the catalogue explains is told under its cause', () => {
    assert.ok(entryOf(10).explains.includes(30));
    assert.deepEqual(shape(fold([seen(30), seen(10), seen(90)])), [[10, [30]], 90]);
  });

  test('a sighting may explain more', () => {
    assert.deepEqual(shape(fold([seen(18, [90]), seen(90)])), [[18, [90]]]);
  });

  test('a consequence has consequences of its own', () => {
    assert.deepEqual(shape(fold([seen(32, [90]), seen(18, [32]), seen(90)])), [[18, [[32, [90]]]]]);
  });

  test('rows that explain each other do not vanish', () => {
    assert.deepEqual(shape(fold([seen(18, [19]), seen(19, [18])])), [[18, [19]]]);
    assert.deepEqual(shape(fold([seen(18, [32]), seen(19, [18]), seen(32, [19])])), [[19, [[18, [32]]]]]);
  });

  test('a cause that was not seen explains nothing', () => {
    assert.deepEqual(shape(fold([seen(30), seen(33)])), [30, 33]);
  });
});

describe('the patience of the doctor', () => {
  test('a stall of its own is not the silence of a server: what arrived meanwhile is read first', async () => {
    const seen: string[] = [];
    await new Promise<void>(resolve => {
      awakeTimeout(60, () => {
        seen.push('over');
        resolve();
      });
      setTimeout(() => {
        const until = performance.now() + 120;
        while (performance.now() < until);
        // Stands for what is waiting in a socket.
        setImmediate(() => seen.push('arrived'));
      }, 1);
    });
    assert.deepEqual(seen, ['arrived', 'over']);
  });
});
