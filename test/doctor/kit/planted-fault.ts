/** A fault of the catalogue, planted in a server that has no other. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CLIENTS } from '../../../src/doctor/client.ts';
import { type DoctorOptions, examine } from '../../../src/doctor/doctor.ts';
import type { Finding } from '../../../src/doctor/finding.ts';
import type { Report } from '../../../src/doctor/report.ts';
import { type HealthyOptions, healthyServer } from './healthy-server.ts';
import type { Running } from './running.ts';
import { samenessKey } from './sameness.ts';

export interface PlantedFault {
  readonly row: number;
  /** What is wrong, in a few words. */
  readonly name: string;
  /** How the server is without its fault, where that is all there is to say of it; then those that are alike are examined once. */
  readonly base?: HealthyOptions;
  /** Starts the server with its fault, or without. */
  start(faulty: boolean): Promise<Running>;
  /** Options of the doctor: `write`, `bearer`, limits. */
  readonly doctor?: Partial<DoctorOptions>;
  /** Why it can not be tried here; shown. */
  readonly skip?: string | false;
}

/** Time-outs of the tests; a fault that is a time-out brings its own. */
export const FAST = { exchangeMs: 3_000, probeMs: 8_000, firstEventMs: 300, holdMs: 400, lookupMs: 1_000 } as const;

/** Examines a running server for the sake of every client. */
export function diagnose({ url, doctor }: Running, options: Partial<DoctorOptions> = {}): Promise<Report> {
  const limits = { ...FAST, ...options.limits };
  return examine({ url, clients: CLIENTS, ...doctor, ...options, limits });
}

/** A fault planted in the healthy server: `base` is how it is without, `faulty` what is added. */
export function planted(
  row: number,
  name: string,
  faulty: HealthyOptions,
  { base = {}, doctor }: { base?: HealthyOptions; doctor?: Partial<DoctorOptions> } = {},
): PlantedFault {
  const start = (isFaulty: boolean) => healthyServer(isFaulty ? { ...base, ...faulty } : base);
  return { row, name, base, start, ...(doctor !== undefined && { doctor }) };
}

function told(findings: readonly Finding[]): string {
  return findings.length === 0 ? 'nothing' : findings.map(finding => `row ${finding.row}: ${finding.title}`).join('; ');
}

/** Exactly this row, as root cause, with evidence; nothing may have failed on the way. */
export function assertRoot(report: Report, row: number): void {
  const failed = report.unchecked.filter(one => one.failed).map(({ probe, why }) => `${probe}: ${why}`);
  assert.deepEqual(failed, [], 'probes failed');
  const rows = report.findings.map(finding => finding.row);
  assert.deepEqual(rows, [row], `expected row ${row} as the only root cause, found ${told(report.findings)}`);
  assert.ok(report.findings[0]!.evidence.length > 0, `row ${row} has no evidence`);
}

/** No finding at all, and nothing that failed or was blocked. */
export function assertClean(report: Report): void {
  const failed = report.unchecked.filter(one => one.failed).map(({ probe, why }) => `${probe}: ${why}`);
  assert.deepEqual(failed, [], 'probes failed');
  const blocked = report.stages.filter(({ state }) => state !== 'examined').map(({ stage, why }) => `${stage}: ${why}`);
  assert.deepEqual(blocked, [], 'stages were not examined');
  assert.equal(told(report.findings), 'nothing');
}

async function examined(fault: PlantedFault, faulty: boolean): Promise<Report> {
  const running = await fault.start(faulty);
  try {
    return await diagnose(running, fault.doctor);
  } finally {
    await running.close();
  }
}

const cleanReports = new Map<string, Promise<Report>>();

/** The server without its fault. Many faults are planted in the same one, which is examined for the first of them. */
function examinedClean(fault: PlantedFault): Promise<Report> {
  const { base, doctor = {} } = fault;
  if (base === undefined) return examined(fault, false);
  const key = samenessKey([base, doctor]);
  let report = cleanReports.get(key);
  if (report === undefined) cleanReports.set(key, (report = examined(fault, false)));
  return report;
}

/** The tests of a stage: each fault is found and named, and the same server without it is clean. */
export function testFaults(stage: string, faults: readonly PlantedFault[]): void {
  describe(`doctor, ${stage}`, () => {
    for (const fault of faults) {
      test(`row ${fault.row}: ${fault.name}`, { skip: fault.skip ?? false }, async () => {
        assertRoot(await examined(fault, true), fault.row);
        assertClean(await examinedClean(fault));
      });
    }
  });
}
