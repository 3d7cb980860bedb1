/** A report for CI systems: a suite per stage, a case per row of the catalogue. */
import { CATALOGUE } from '../catalogue/catalogue.ts';
import { type CatalogueEntry, STAGE_TITLES, STAGES, type Stage } from '../catalogue/catalogue-entry.ts';
import { type Finding, fails } from '../finding.ts';
import type { Report } from '../report.ts';

/** Characters that XML 1.0 does not have, and the few control characters that it does. */
const DOUBTFUL = /[\p{Cc}\p{Cs}\ufffe\uffff]/gu;

function xml(text: string): string {
  return text
    .replace(DOUBTFUL, char => (/[\t\n\r]/.test(char) ? char : '\ufffd'))
    .replace(/[&<>"\n]/g, char => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' })[char]!);
}

function detail({ cause, fix, evidence, notes }: Finding): string {
  const shown = evidence.map(one => (one.kind === 'fact' ? one.text : `> ${one.request}\n< ${one.response}`));
  return [`cause: ${cause}`, ...notes, `fix: ${fix}`, ...shown].join('\n');
}

interface Case {
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly body: string;
}

function caseOf({ row }: CatalogueEntry, report: Report): Case {
  const finding = report.findings.find(one => one.row === row);
  if (finding !== undefined && fails(finding, report.clients)) {
    const message = `${finding.severity}: ${finding.cause}`;
    return { outcome: 'failed', body: `<failure message="${xml(message)}">${xml(detail(finding))}</failure>` };
  }
  if (finding !== undefined) return { outcome: 'passed', body: `<system-out>${xml(detail(finding))}</system-out>` };
  if (report.checked.includes(row)) return { outcome: 'passed', body: '' };
  const why =
    report.unchecked.find(({ rows }) => rows.includes(row))?.why ??
    'can not be seen from outside, or its stage was not examined';
  return { outcome: 'skipped', body: `<skipped message="${xml(why)}"/>` };
}

function suite(stage: Stage, report: Report): string {
  const entries = CATALOGUE.filter(entry => entry.stage === stage);
  const cases = entries.map(entry => ({ entry, ...caseOf(entry, report) }));
  const count = (outcome: Case['outcome']) => cases.filter(one => one.outcome === outcome).length;
  const name = xml(`slipway doctor: ${STAGE_TITLES[stage]}`);
  const blocked = report.verdict === 'not-run' ? report.stages.find(one => one.stage === stage)?.why : undefined;
  const errors =
    blocked === undefined
      ? []
      : [`    <testcase name="examined" classname="doctor.${stage}"><error message="${xml(blocked)}"/></testcase>`];
  const lines = cases.map(({ entry, body }) => {
    const attributes = `name="${xml(`row ${entry.row}: ${entry.title}`)}" classname="doctor.${stage}"`;
    return body === '' ? `    <testcase ${attributes}/>` : `    <testcase ${attributes}>${body}</testcase>`;
  });
  const numbers = `tests="${cases.length + errors.length}" failures="${count('failed')}" errors="${errors.length}" skipped="${count('skipped')}"`;
  return [`  <testsuite name="${name}" ${numbers}>`, ...errors, ...lines, '  </testsuite>'].join('\n');
}

/** JUnit XML. A root cause that fails the chosen clients is a failure; what was not looked for is skipped, and
 * what kept the doctor from examining at all is an error. */
export function junitReport(report: Report): string {
  const suites = STAGES.filter(stage => report.stages.some(one => one.stage === stage)).map(stage =>
    suite(stage, report),
  );
  const seconds = (report.durationMs / 1000).toFixed(3);
  const head = `<testsuites name="${xml(`slipway doctor ${report.url}`)}" time="${seconds}">`;
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, ...suites, '</testsuites>', ''].join('\n');
}
