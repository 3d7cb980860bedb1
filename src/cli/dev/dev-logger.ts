/** The operator's log as a person reads it who writes the server: one line each, errors with their place in the file. */
import { inspect, styleText } from 'node:util';
import { userPlaces } from '../../host/server-file-fault.ts';
import type { Logger } from '../../server/logger.ts';
import { isSuspension } from '../../server/suspension.ts';
import { codeFrame } from './code-frame.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';
type Style = Parameters<typeof styleText>[0];

const RANKS: Readonly<Record<string, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 };
const STYLES: Readonly<Record<Level, Style>> = { debug: 'dim', info: 'reset', warn: 'yellow', error: 'red' };

/** Where a call came through the user's own code, beyond the place itself. */
const MAX_PLACES = 5;
/** What explains nothing to whoever wrote the handler. */
const PLAIN = new Set(['reference', 'requestId', 'during', 'method', 'tool', 'prompt', 'resource', 'error']);

/** What a stranger sent must not move the cursor or change colours. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '\ufffd');
}

export function devStyle(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stderr });
}

export function clock(): string {
  return devStyle('dim', new Date().toTimeString().slice(0, 8));
}

function nameOf(fields: Readonly<Record<string, unknown>>): string {
  const { method, during } = fields;
  const component = fields['tool'] ?? fields['prompt'] ?? fields['resource'];
  return [method ?? during, component].filter(part => typeof part === 'string').join(' ');
}

function restOf(fields: Readonly<Record<string, unknown>>): string {
  const rest = Object.entries(fields).filter(([key, value]) => !PLAIN.has(key) && value !== undefined);
  const shown = (value: unknown) => inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 2 });
  return rest.map(([key, value]) => ` ${key}=${shown(value)}`).join('');
}

/** The error and where in the user's code it was thrown; of the first in a chain of causes also the lines around that. */
export function errorText(error: unknown, isCause = false): string {
  if (!(error instanceof Error)) return inspect(error, { depth: 2 });
  const [place, ...callers] = [...new Set(userPlaces(error.stack))];
  const what = `${error.name}: ${error.message}${place === undefined ? '' : ` (${place})`}`;
  const frame = place === undefined || isCause ? undefined : codeFrame(`(${place})`);
  const called = isCause ? [] : callers.slice(0, MAX_PLACES).map(caller => `called at ${caller}`);
  const cause = error.cause instanceof Error ? [`because of ${errorText(error.cause, true)}`] : [];
  return [what, ...(frame === undefined ? [] : [frame]), ...called, ...cause].join('\n');
}

export class DevLogger implements Logger {
  readonly #rank: number;

  /** @param level the least that is written */
  constructor(level: string) {
    this.#rank = RANKS[level] ?? Number.POSITIVE_INFINITY;
  }

  debug(fields: object, message: string): void {
    this.#log('debug', fields, message);
  }

  info(fields: object, message: string): void {
    this.#log('info', fields, message);
  }

  warn(fields: object, message: string): void {
    this.#log('warn', fields, message);
  }

  error(fields: object, message: string): void {
    this.#log('error', fields, message);
  }

  #log(level: Level, fields: object, message: string): void {
    if (RANKS[level]! < this.#rank) return;
    const all = fields as Readonly<Record<string, unknown>>;
    const { error, reference, during } = all;
    // An `internal error` is better named after what it happened in.
    const head = reference === undefined ? message : nameOf(all);
    const detail = error === undefined || isSuspension(error) ? '' : `: ${errorText(error)}`;
    const isTold = typeof reference === 'string' && during === undefined;
    const told = isTold ? `\nthe client was told: reference ${reference}` : '';
    const [first, ...more] = printable(`${head}${restOf(all)}${detail}${told}`).split('\n');
    const lines = more.map(line => `\n  ${line}`).join('');
    process.stderr.write(`${clock()} ${devStyle(STYLES[level], `${first}${lines}`)}\n`);
  }
}
