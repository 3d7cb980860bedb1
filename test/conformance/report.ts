import { EXCLUDED_PREFIXES } from './excluded.ts';
import type { SuiteResult } from './suite.ts';
import type { Verdict } from './verdict.ts';

export interface Judged {
  /** What the server kept its sessions in, and how it answered. */
  pass: string;
  result: SuiteResult;
  verdict: Verdict;
}

export function printTable(judged: readonly Judged[]): void {
  const rows = [['server', 'run', 'required', 'passed', 'excluded', 'checks', 'problems', 'seconds']];
  for (const { pass, result, verdict } of judged) {
    const { run, seconds } = result;
    rows.push([
      pass,
      run.name,
      run.required === undefined ? '-' : `${verdict.requiredPassed}/${run.required}`,
      `${verdict.passed}/${run.scenarios}`,
      String(verdict.excluded.length),
      String(verdict.checks),
      String(verdict.problems.length),
      seconds.toFixed(1),
    ]);
  }
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
    );
    console.log(cells.join('  '));
  }
  console.log();
}

export function printExclusions(): void {
  for (const [prefix, reason] of Object.entries(EXCLUDED_PREFIXES)) console.log(`excluded   ${prefix}* (${reason})`);
  console.log();
}
