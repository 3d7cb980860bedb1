import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CampaignReport, runCampaign } from './campaign.ts';
import { PLANTED_FAULTS, type PlantedFault } from './planted-fault.ts';
import { startTarget } from './target-process.ts';
import type { FindingKind } from './verdict.ts';

const SEED = 20_260_728;

const FOUND_AS: Readonly<Record<PlantedFault, FindingKind>> = {
  hang: 'hang',
  crash: 'crash',
  stack: 'leaked text',
  leak: 'memory',
};

async function campaign(inputs: number, fault?: PlantedFault): Promise<CampaignReport> {
  const target = await startTarget(fault);
  try {
    return await runCampaign(target, { seed: SEED, inputs, ...(fault && { stopsAt: FOUND_AS[fault] }) });
  } finally {
    await target.stop();
  }
}

function told(report: CampaignReport): string {
  const { findings } = report;
  return findings
    .slice(0, 5)
    .map(({ kind, detail, input }) => `${kind}: ${input?.number} ${input?.label}: ${detail}`)
    .join('\n');
}

test('three thousand bad requests: each gets the right answer or a closed connection, and nothing is kept', async () => {
  const report = await campaign(3000);
  assert.deepEqual(report.findings.length, 0, told(report));
  assert.equal(report.inputs, 3000);
  assert.ok(report.dispatched >= report.inputs / 2, `${report.dispatched} of ${report.inputs} reached dispatch`);
  assert.ok((report.statuses.get(400) ?? 0) > 100 && (report.statuses.get(200) ?? 0) > 1000);
});

for (const fault of PLANTED_FAULTS) {
  test(`a handler with a planted fault is found: ${fault}`, async () => {
    const report = await campaign(1500, fault);
    assert.ok(
      report.findings.some(({ kind }) => kind === FOUND_AS[fault]),
      `${report.inputs} inputs; ${told(report)}`,
    );
  });
}
