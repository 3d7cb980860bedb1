/** One row of the catalogue of failures: what the doctor knows of it, without how it looks for it. */
import type { Client } from '../client.ts';

/** In the order in which they are examined. */
export const STAGES = ['address', 'tls', 'edge', 'mcp', 'oauth', 'tools'] as const;

export type Stage = (typeof STAGES)[number];

export const STAGE_TITLES: Readonly<Record<Stage, string>> = {
  address: 'address',
  tls: 'TLS',
  edge: 'HTTP edge',
  mcp: 'MCP',
  oauth: 'OAuth',
  tools: 'tools',
};

/**
 * How a row can be seen. `remote`: from outside. `write`: from outside, by a probe that leaves state or adds load. `token`:
 * from outside, with an access token. `lint`: only with the server file, or by advice. `invisible`: not at all.
 */
export type Kind = 'remote' | 'write' | 'token' | 'lint' | 'invisible';

/** `fails`: the clients in `shownBy` do not get through. `risk`: they may not, sometimes. `note`: worth to know. */
export type Effect = 'fails' | 'risk' | 'note';

export interface CatalogueEntry {
  /** Its number, 1 to 100; stable. */
  readonly row: number;
  /** A few words, as a heading. */
  readonly title: string;
  readonly stage: Stage;
  readonly kind: Kind;
  readonly effect: Effect;
  /** What the user sees: one of E1 to E7, or what was reported where no code says it. */
  readonly symptom: string;
  /** Which clients fail, and with what: one of E1 to E7 for Claude, else what was observed. */
  readonly shownBy: Readonly<Partial<Record<Client, string>>>;
  /** Why it happens, in one sentence. */
  readonly cause: string;
  /** What to do, in one sentence. */
  readonly fix: string;
  /** Where it was documented, said by staff, or reported. */
  readonly source: string;
  /** Rows that merely follow from this one, so that they are told under it. */
  readonly explains: readonly number[];
  /** How it looks from outside, in a few words. */
  readonly seen: string;
}
