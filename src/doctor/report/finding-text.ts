/** One finding for people. */
import { CLIENT_NAMES, type Client } from '../client.ts';
import type { Evidence } from '../evidence.ts';
import { type Finding, fails } from '../finding.ts';
import type { Style } from './style.ts';
import { wrapped } from './wrap.ts';

/** The width of what stands before a text. */
export const LABEL = 12;

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

/** All that follows from a finding, directly or not. */
export function consequencesOf(finding: Finding): readonly Finding[] {
  return finding.consequences.flatMap(one => [one, ...consequencesOf(one)]);
}

function headline(finding: Finding, chosen: readonly Client[], style: Style): string {
  const { row, title, severity, effect } = finding;
  const isBad = fails(finding, chosen);
  const mark = isBad ? style.bad('✖') : effect === 'note' ? style.dim('·') : style.fair('!');
  const paint = isBad ? style.bad : style.fair;
  return `${mark} ${style.strong(`Row ${row}: ${title}`)}  ${paint(severity)}`;
}

/** @param chosen the clients that it is about */
export function findingText(finding: Finding, chosen: readonly Client[], width: number, style: Style): string {
  const { cause, fix, source, snippets, notes, evidence } = finding;
  const below = consequencesOf(finding);
  return [
    headline(finding, chosen, style),
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
