/** A report for people. */

import { entryOf } from '../catalogue/catalogue.ts';
import { STAGE_TITLES } from '../catalogue/catalogue-entry.ts';
import { CLIENT_NAMES } from '../client.ts';
import type { Unchecked } from '../engine.ts';
import type { Evidence } from '../evidence.ts';
import { clientList, type Finding, fails } from '../finding.ts';
import type { Report } from '../report.ts';
import type { Style } from './style.ts';
import { wrapped } from './wrap.ts';

const LABEL = 12;

function labelled(label: string, text: string, width: number, { dim }: Style): string {
  return `  ${dim(label.padEnd(LABEL))}${wrapped(text, width, ' '.repeat(LABEL + 2))}`;
}

function indented(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}

/** The clients that show the same, together. */
function messages({ clients }: Finding): string {
  const byMessage = Map.groupBy(clients, ({ message }) => message);
  return [...byMessage]
    .map(([message, of]) => `${of.map(({ client }) => CLIENT_NAMES[client]).join(', ')}: ${message}`)
    .join('; ');
}

function evidenceText(evidence: Evidence, { dim }: Style): string {
  if (evidence.kind === 'fact') return indented(evidence.text, 4);
  const prefixed = (text: string, mark: string) => indented(text.replace(/^/gm, `${mark} `).replace(/ +$/gm, ''), 4);
  return dim(`${prefixed(evidence.request, '>')}\n${prefixed(evidence.response, '<')}`);
}

function consequencesOf(finding: Finding): readonly Finding[] {
  return finding.consequences.flatMap(one => [one, ...consequencesOf(one)]);
}

function headline(finding: Finding, report: Report, style: Style): string {
  const { row, title, severity, effect } = finding;
  const isBad = fails(finding, report.clients);
  const mark = isBad ? style.bad('✖') : effect === 'note' ? style.dim('·') : style.fair('!');
  const paint = isBad ? style.bad : style.fair;
  return `${mark} ${style.strong(`Row ${row}: ${title}`)}  ${paint(severity)}`;
}

function findingText(finding: Finding, report: Report, width: number, style: Style): string {
  const { cause, fix, source, snippets, notes, evidence } = finding;
  const below = consequencesOf(finding);
  return [
    headline(finding, report, style),
    labelled('shown', messages(finding) || finding.symptom, width, style),
    labelled('cause', cause, width, style),
    ...notes.map(note => labelled('here', note, width, style)),
    labelled('fix', fix, width, style),
    ...snippets.map(
      ({ front, text }) => `  ${style.dim(`for ${front}`)}
${indented(text, 4)}`,
    ),
    ...(below.length === 0
      ? []
      : [labelled('so also', below.map(({ row, title }) => `row ${row} (${title})`).join(', '), width, style)]),
    `  ${style.dim('evidence')}`,
    ...evidence.map(one => evidenceText(one, style)),
    labelled('source', source, width, style),
  ].join('\n');
}

function rowsText(rows: readonly number[]): string {
  return `${rows.length === 1 ? 'row' : 'rows'} ${[...new Set(rows)].sort((one, other) => one - other).join(', ')}`;
}

function uncheckedText(unchecked: readonly Unchecked[], width: number): string {
  const byReason = Map.groupBy(unchecked, ({ why }) => why);
  return [...byReason]
    .map(([why, of]) => `  ${wrapped(`${rowsText(of.flatMap(({ rows }) => rows))}: ${why}`, width, '  ')}`)
    .join('\n');
}

function stageLines({ stages, findings }: Report, { good, fair, dim }: Style): string {
  const all = findings.flatMap(finding => [finding, ...consequencesOf(finding)]);
  return stages
    .map(({ stage, state, why }) => {
      const count = all.filter(finding => finding.stage === stage).length;
      const found = count === 0 ? good('nothing found') : fair(count === 1 ? '1 finding' : `${count} findings`);
      const outcome =
        state === 'examined' ? found : state === 'blocked' ? fair(`not examined: ${why}`) : dim('not examined');
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
  const front = fronts.length === 0 ? '' : `, behind ${fronts.join(' and ')}`;
  const parts = [
    `${style.strong(url)}${front}\n${style.dim(`examined for ${clientList(clients)} in ${(durationMs / 1000).toFixed(1)} s`)}`,
    stageLines(report, style),
    ...findings.map(finding => findingText(finding, report, columns, style)),
    ...(unchecked.length === 0 ? [] : [`${style.strong('Not checked')}\n${uncheckedText(unchecked, columns)}`]),
    conclusion(report, columns, style),
  ];
  return `\n${parts.join('\n\n')}\n`;
}
