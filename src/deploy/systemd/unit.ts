/** A unit file of systemd (systemd.syntax(7)). */

export interface Entry {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  /** From 1, in the file that it is in. */
  readonly line: number;
  /** The drop-in that it is in; undefined for the unit itself. */
  readonly file?: string;
}

/** What can not be read as systemd would. */
export class UnitSyntaxError extends Error {
  readonly line: number;

  constructor(why: string, line: number) {
    super(why);
    this.line = line;
  }
}

const TRUE = new Set(['1', 'yes', 'y', 'true', 't', 'on']);

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  us: 1e-6,
  ms: 1e-3,
  '': 1,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  hours: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
};

/** A time span of systemd in seconds: `90`, `1min 30s`, `infinity`; undefined for what is none. */
export function secondsOf(text: string): number | undefined {
  if (text === 'infinity') return Number.POSITIVE_INFINITY;
  const parts = text.trim().match(/\d+(?:\.\d+)?\s*[a-z]*|\S/g) ?? [];
  if (parts.length === 0) return undefined;
  let seconds = 0;
  for (const part of parts) {
    const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(part) ?? [];
    const factor = unit === undefined ? undefined : UNIT_SECONDS[unit];
    if (factor === undefined) return undefined;
    seconds += Number(number) * factor;
  }
  return seconds;
}

/** The words of a value: quotes keep blanks together. */
export function wordsOf(value: string): string[] {
  const words = value.match(/(?:[^\s"']+|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')+/g) ?? [];
  return words.map(word => word.replace(/"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'/g, (_, one, other) => one ?? other));
}

export class Unit {
  readonly entries: readonly Entry[];

  constructor(entries: readonly Entry[]) {
    this.entries = entries;
  }

  hasSection(section: string): boolean {
    return this.entries.some(entry => entry.section === section);
  }

  /** All settings of a key; an empty one takes back those before it, as systemd has it for lists. */
  all(section: string, key: string): Entry[] {
    const given = this.entries.filter(entry => entry.section === section && entry.key === key);
    const reset = given.findLastIndex(({ value }) => value === '');
    return given.slice(reset + 1);
  }

  /** The last setting of a key, empty or not. */
  last(section: string, key: string): Entry | undefined {
    return this.entries.findLast(entry => entry.section === section && entry.key === key);
  }

  value(section: string, key: string): string | undefined {
    return this.last(section, key)?.value;
  }

  isTrue(section: string, key: string): boolean {
    return TRUE.has((this.value(section, key) ?? '').toLowerCase());
  }

  /** The variables of `Environment=`, with their lines. */
  environment(): Map<string, Entry & { readonly text: string }> {
    const variables = new Map<string, Entry & { readonly text: string }>();
    for (const entry of this.all('Service', 'Environment')) {
      for (const word of wordsOf(entry.value)) {
        const [, name, text] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
        if (name !== undefined) variables.set(name, { ...entry, text: text! });
      }
    }
    return variables;
  }
}

/**
 * The settings that the text of a unit file makes, in their order.
 *
 * @param file its name, for a drop-in
 * @throws UnitSyntaxError
 */
export function unitEntries(text: string, file?: string): Entry[] {
  const place = file === undefined ? {} : { file };
  const entries: Entry[] = [];
  const lines = text.split(/\r?\n/);
  let section: string | undefined;
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1;
    let content = lines[at]!.trim();
    if (content === '' || content.startsWith('#') || content.startsWith(';')) continue;
    // A line goes on after a backslash; comments in between are left out.
    while (content.endsWith('\\') && at + 1 < lines.length) {
      const next = lines[++at]!.trim();
      if (next.startsWith('#') || next.startsWith(';')) continue;
      content = `${content.slice(0, -1).trimEnd()} ${next}`;
    }
    const [, name] = /^\[([^\]]+)\]$/.exec(content) ?? [];
    if (name !== undefined) {
      section = name;
      continue;
    }
    const [, key, value] = /^([A-Za-z][\w-]*)\s*=\s*(.*)$/s.exec(content) ?? [];
    if (key === undefined) throw new UnitSyntaxError('it is neither [Section] nor Key=value', line);
    if (section === undefined) throw new UnitSyntaxError(`${key}= stands before the first [Section]`, line);
    entries.push({ section, key, value: value!, line, ...place });
  }
  return entries;
}

/** @throws UnitSyntaxError */
export function parseUnit(text: string): Unit {
  return new Unit(unitEntries(text));
}
