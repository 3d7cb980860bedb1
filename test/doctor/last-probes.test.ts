// Probes after which a server may refuse what comes next, and probes that hold a stream.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { examine } from '../../src/doctor/doctor.ts';
import { fact } from '../../src/doctor/evidence.ts';
import type { Probe } from '../../src/doctor/probe.ts';
import type { StagePlan } from '../../src/doctor/stage-plan.ts';

function run(plans: readonly StagePlan[], limits: { readonly probeMs: number; readonly holdMs: number }) {
  return examine({ url: 'http://127.0.0.1:9/mcp', allowPrivate: true, plans, limits });
}

describe('probes that come last', () => {
  const LIMITS = { probeMs: 5_000, holdMs: 1_000 };

  function noting(order: string[], name: string, rest: Partial<Probe>): Probe {
    return {
      name,
      stage: 'edge',
      rows: [6],
      run: async () => {
        order.push(name);
        return [];
      },
      ...rest,
    };
  }

  test('run behind all stages, one after the other, in their order', async () => {
    const order: string[] = [];
    const edge = [
      noting(order, 'burst', { last: true }),
      noting(order, 'ban', { last: true }),
      noting(order, 'first', {}),
    ];
    await run(
      [
        { stage: 'edge', probes: edge },
        { stage: 'mcp', probes: [noting(order, 'second', { stage: 'mcp', rows: [32] })] },
      ],
      LIMITS,
    );
    assert.deepEqual(order, ['first', 'second', 'burst', 'ban']);
  });

  test('run although a later stage can not be examined; those of that stage do not', async () => {
    const order: string[] = [];
    await run(
      [
        { stage: 'edge', probes: [noting(order, 'of the edge', { last: true })] },
        {
          stage: 'mcp',
          probes: [noting(order, 'of MCP', { stage: 'mcp', last: true })],
          blocked: async () => 'nothing answers',
        },
      ],
      LIMITS,
    );
    assert.deepEqual(order, ['of the edge']);
  });
});

describe('probes that hold a stream', () => {
  function waiting(ms: number, rest: Partial<Probe>): Probe {
    return {
      name: `waits for ${ms} ms`,
      stage: 'edge',
      rows: [27],
      run: async () => {
        await new Promise(resolve => setTimeout(resolve, ms));
        return [{ row: 27, evidence: [fact('it was cut')] }];
      },
      ...rest,
    };
  }

  test('have the time for it; others have not', async () => {
    const limits = { probeMs: 50, holdMs: 2_000 };
    const holds = await run([{ stage: 'edge', probes: [waiting(200, { holds: true })] }], limits);
    assert.deepEqual(
      holds.findings.map(({ row }) => row),
      [27],
    );
    const other = await run([{ stage: 'edge', probes: [waiting(200, {})] }], limits);
    assert.deepEqual(other.findings, []);
    assert.match(other.unchecked[0]?.why ?? '', /longer than 50 ms/);
  });
});
