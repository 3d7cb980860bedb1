/** A report for people. */

import { entryOf } from '../catalogue/catalogue.ts';
import { STAGE_TITLES, type Stage } from '../catalogue/catalogue-entry.ts';
import type { Unchecked } from '../engine.ts';
import { clientList, fails } from '../finding.ts';
import type { Report } from '../report.ts';
import { consequencesOf, findingText, LABEL } from './finding-text.ts';
import type { Style } from './style.ts';
import { wrapped } from './wrap.ts';

function rowsText(rows: readonly number[]): string {
  return `${rows.length === 1 ? 'row' : 'rows'} ${[...new Set(rows)].sort((one, other) => one - other).join(', ')}`;
}

function uncheckedText(unchecked: readonly Unchecked[], width: number): string {
  const byReason = Map.groupBy(unchecked, ({ why }) => why);
  return [...byReason]
    .map(([why, of]) => `  ${wrapped(`${rowsText(of.flatMap(({ rows }) => rows))}: ${why}`, width, '  ')}`)
    .join('\n');
}

/** Rows of a stage that were not looked for. */
function missed(stage: Stage, { checked, unchecked }: Report): number {
  const rows = unchecked.filter(one => one.stage === stage).flatMap(one => one.rows);
  return new Set(rows.filter(row => !checked.includes(row))).size;
}

function stageLines(report: Report, { good, fair, dim }: Style): string {
  const { stages, findings } = report;
  const all = findings.flatMap(finding => [finding, ...consequencesOf(finding)]);
  return stages
    .map(({ stage, state, why }) => {
      const count = all.filter(finding => finding.stage === stage).length;
      const found = count === 0 ? good('nothing found') : fair(count === 1 ? '1 finding' : `${count} findings`);
      const open = missed(stage, report);
      const rest = open === 0 ? '' : dim(`, ${open} ${open === 1 ? 'row' : 'rows'} not checked`);
      const outcome =
        state === 'examined'
          ? `${found}${rest}`
          : state === 'blocked'
            ? fair(`not examined: ${why}`)
            : dim('not examined');
      return `  ${STAGE_TITLES[stage].padEnd(LABEL)}${outcome}`;
    })
    .join('\n');
}

/** What a clean report does not prove, and how to settle it. */
function blindSpots({ invisible }: Report, width: number): string {
  const rows = invisible.map(row => `row ${row} (${entryOf(row).title})`).join(' and ');
  const text = `Not to be seen from here: ${rows}. The log of the server settles it: slipway doctor --log access.log says whether the client ever arrived, when, from which addresses, and with which answers.`;
  return wrapped(text, width);
}

function conclusion(report: Report, width: number, { good, bad, fair }: Style): string {
  const { verdict, findings, clients, stages } = report;
  const names = clientList(clients);
  if (verdict === 'not-run') {
    const why = stages.find(({ state }) => state === 'blocked')?.why ?? 'unknown';
    return fair(wrapped(`It could not be examined: ${why}.`, width));
  }
  const failing = findings.filter(finding => fails(finding, clients));
  if (failing.length === 0) {
    const rest = findings.length === 0 ? '' : ` What is listed above fails others, or may fail at times.`;
    return `${good(`No server-side cause found for ${names}.`)}${rest}\n${blindSpots(report, width)}`;
  }
  const causes = failing.length === 1 ? 'One cause' : `${failing.length} causes`;
  return bad(`${causes} found why ${names} can not connect or work: ${rowsText(failing.map(({ row }) => row))}.`);
}

/**
 * @param width columns; 60 at least
 * @returns lines with a line feed at the end
 */
export function terminalReport(report: Report, style: Style, width = 100): string {
  const columns = Math.max(60, Math.min(width, 120));
  const { url, clients, fronts, findings, unchecked, durationMs } = report;
  const front = fronts.length === 0 ? '' : ` (${fronts.join(', ')})`;
  const parts = [
    `${style.strong(url)}${front}\n${style.dim(`examined for ${clientList(clients)} in ${(durationMs / 1000).toFixed(1)} s`)}`,
    stageLines(report, style),
    ...findings.map(finding => findingText(finding, clients, columns, style)),
    ...(unchecked.length === 0 ? [] : [`${style.strong('Not checked')}\n${uncheckedText(unchecked, columns)}`]),
    conclusion(report, columns, style),
  ];
  return `\n${parts.join('\n\n')}\n`;
}
