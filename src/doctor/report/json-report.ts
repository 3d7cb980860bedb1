/** A report for programs. */
import { EXIT_CODES, type Report } from '../report.ts';

/** Raised when a member changes its meaning or goes away; new ones may come at any time. */
const FORMAT = 1;

/** The report with `format` and `exitCode`; indented, with a line feed at the end. */
export function jsonReport(report: Report): string {
  const { durationMs, ...rest } = report;
  const whole = { format: FORMAT, ...rest, exitCode: EXIT_CODES[report.verdict], durationMs: Math.round(durationMs) };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}
