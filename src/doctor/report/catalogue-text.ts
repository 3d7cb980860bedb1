/** The catalogue for people: all of it as a table, or one row in full. */

import { FRONTS } from '../../fronts/fronts.ts';
import { CATALOGUE, entryOf } from '../catalogue/catalogue.ts';
import { type CatalogueEntry, type Kind, STAGE_TITLES } from '../catalogue/catalogue-entry.ts';
import { symptomText } from '../catalogue/symptom.ts';
import { CLIENT_NAMES, CLIENTS } from '../client.ts';
import type { Style } from './style.ts';
import { wrapped } from './wrap.ts';

/** How a row is looked for. */
export const KIND_TEXTS: Readonly<Record<Kind, string>> = {
  remote: 'from outside',
  write: 'from outside, with --write',
  token: 'from outside, with --bearer',
  lint: 'in the server file, or by advice',
  invisible: 'not from outside: --log settles it',
};

const SHORT: Readonly<Record<Kind, string>> = {
  remote: '',
  write: '--write',
  token: '--bearer',
  lint: 'lint',
  invisible: '--log',
};

/** `--list` */
export function catalogueTable({ dim }: Style): string {
  const lines = CATALOGUE.map(({ row, stage, kind, symptom, title }) => {
    const code = /^E\d$/.test(symptom) ? symptom : '';
    return `${String(row).padStart(3)}  ${STAGE_TITLES[stage].padEnd(9)}  ${code.padEnd(2)}  ${title}${SHORT[kind] === '' ? '' : dim(`  (${SHORT[kind]})`)}`;
  });
  return `${lines.join('\n')}\n`;
}

function clientLines({ shownBy }: CatalogueEntry): readonly string[] {
  return CLIENTS.flatMap(client => {
    const message = shownBy[client];
    return message === undefined ? [] : [`${CLIENT_NAMES[client]}: ${symptomText(message)}`];
  });
}

function snippets(row: number, { dim }: Style): readonly string[] {
  return FRONTS.flatMap(({ name, snippets: all }) =>
    all
      .filter(({ rows }) => rows.includes(row))
      .map(({ text }) => `\n${dim(`for ${name}`)}\n${text.replace(/^(?=.)/gm, '  ')}`),
  );
}

/**
 * `--explain`: the entry, and what to write into every front that we know.
 *
 * @throws RangeError for a row that there is not
 */
export function explanation(row: number, style: Style, width = 100): string {
  const { strong, dim } = style;
  const entry = entryOf(row);
  const line = (label: string, text: string) =>
    `${dim(label.padEnd(10))}${wrapped(text, Math.min(width, 120), ' '.repeat(10))}`;
  const follows = entry.explains.map(one => `${one} (${entryOf(one).title})`);
  return [
    strong(`Row ${row}: ${entry.title}`),
    line('symptom', symptomText(entry.symptom)),
    line('shown', clientLines(entry).join('; ')),
    line('cause', entry.cause),
    line('fix', entry.fix),
    line('seen', `${entry.seen} (${KIND_TEXTS[entry.kind]})`),
    ...(follows.length === 0 ? [] : [line('so also', follows.join(', '))]),
    line('source', entry.source),
    ...snippets(row, style),
    '',
  ].join('\n');
}
