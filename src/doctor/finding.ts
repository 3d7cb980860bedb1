/** What is reported: a row of the catalogue, seen at this server. */

import type { Front } from '../fronts/front.ts';
import type { CatalogueEntry, Effect, Stage } from './catalogue/catalogue-entry.ts';
import { symptomText } from './catalogue/symptom.ts';
import { CLIENT_NAMES, CLIENTS, type Client } from './client.ts';
import type { Evidence } from './evidence.ts';
import type { Sighting } from './probe.ts';
import { type Redact, redactEvidence } from './redaction.ts';

export type Severity = 'fails Claude' | 'fails others' | 'risk' | 'note';

export interface ClientMessage {
  readonly client: Client;
  /** What that client shows, or what was observed of it. */
  readonly message: string;
}

export interface Snippet {
  /** Whose configuration it is: `nginx`, `Express`, ... */
  readonly front: string;
  /** For syntax highlighting: `nginx`, `js`, ... */
  readonly language: string;
  readonly text: string;
}

export interface Finding {
  readonly row: number;
  readonly title: string;
  readonly stage: Stage;
  readonly severity: Severity;
  readonly effect: Effect;
  /** The clients that fail, or may. */
  readonly clients: readonly ClientMessage[];
  /** What the user sees, with E1 to E7 spelt out. */
  readonly symptom: string;
  readonly cause: string;
  readonly fix: string;
  /** Configuration that mends it, for each front that was recognised and has some. */
  readonly snippets: readonly Snippet[];
  readonly source: string;
  /** What is special about this case. */
  readonly notes: readonly string[];
  /** Secrets are hidden. */
  readonly evidence: readonly Evidence[];
  /** What merely follows from it. */
  readonly consequences: readonly Finding[];
}

/** All sightings of one row, merged. */
export interface Seen {
  readonly entry: CatalogueEntry;
  readonly sightings: readonly Sighting[];
}

const MAX_EVIDENCE = 4;
const RANK: Readonly<Record<Effect, number>> = { fails: 2, risk: 1, note: 0 };

function effectOf({ entry, sightings }: Seen): Effect {
  const effects = sightings.map(({ effect }) => effect ?? entry.effect);
  return effects.reduce((worst, effect) => (RANK[effect] > RANK[worst] ? effect : worst));
}

function severityOf(effect: Effect, entry: CatalogueEntry): Severity {
  if (effect !== 'fails') return effect;
  return entry.shownBy.claude === undefined ? 'fails others' : 'fails Claude';
}

/** @param known fronts that were recognised, the outermost first */
function snippetsFor(row: number, known: readonly Front[]): readonly Snippet[] {
  return known.flatMap(({ name, snippets }) =>
    snippets.filter(({ rows }) => rows.includes(row)).map(({ language, text }) => ({ front: name, language, text })),
  );
}

/** What the findings of one report have in common. */
export interface Setting {
  readonly redact: Redact;
  /** Fronts that were recognised, the outermost first. */
  readonly fronts: readonly Front[];
}

export function findingOf(seen: Seen, consequences: readonly Finding[], { redact, fronts }: Setting): Finding {
  const { entry, sightings } = seen;
  const effect = effectOf(seen);
  const shown = CLIENTS.flatMap(client => {
    const message = entry.shownBy[client];
    return message === undefined ? [] : [{ client, message: symptomText(message) }];
  });
  return {
    row: entry.row,
    title: entry.title,
    stage: entry.stage,
    severity: severityOf(effect, entry),
    effect,
    clients: shown,
    symptom: symptomText(entry.symptom),
    cause: entry.cause,
    fix: entry.fix,
    snippets: snippetsFor(entry.row, fronts),
    source: entry.source,
    notes: [...new Set(sightings.flatMap(({ note }) => (note === undefined ? [] : [redact(note)])))],
    evidence: sightings
      .flatMap(({ evidence }) => evidence)
      .slice(0, MAX_EVIDENCE)
      .map(one => redactEvidence(one, redact)),
    consequences,
  };
}

/** Whether a finding keeps one of these clients out. */
export function fails({ effect, clients }: Finding, chosen: readonly Client[]): boolean {
  return effect === 'fails' && clients.some(({ client }) => chosen.includes(client));
}

export function clientList(clients: readonly Client[]): string {
  return clients.map(client => CLIENT_NAMES[client]).join(', ');
}
