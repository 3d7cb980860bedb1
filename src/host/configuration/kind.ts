/** What a setting may be: how it is read from text (flags, environment) and from a configuration file. */
import { isAbsolute, resolve } from 'node:path';

/** Where a value was given. */
export interface Place {
  /** A flag or a variable has text, where a file has the value itself. */
  readonly from: 'text' | 'file';
  /** Relative paths begin here. */
  readonly folder: string;
}

/** What is not allowed: the whole value, or the part of it that is at fault. */
export class Refused {
  readonly given: unknown;
  /** In place of what the kind allows. */
  readonly allowed: string | undefined;
  /** In place of what was given, where that must not be repeated. */
  readonly instead: string | undefined;

  constructor(given: unknown, words: { readonly allowed?: string; readonly instead?: string } = {}) {
    this.given = given;
    this.allowed = words.allowed;
    this.instead = words.instead;
  }
}

export interface Kind<Value> {
  /** What is allowed, after "takes": `a whole number from 0 to 65535`. */
  readonly allowed: string;
  /** What stands for the value in the help; undefined for a switch that needs none. */
  readonly placeholder: string | undefined;
  /** More than one value, separated by commas in text. */
  readonly list?: true;
  read(given: unknown, place: Place): Value | Refused;
}

/** Milliseconds beyond which a timer of Node fires at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export function integer(least: number, most: number, placeholder = 'number'): Kind<number> {
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} on` : `${least} to ${most}`;
  return {
    allowed: `a whole number from ${range}`,
    placeholder,
    read: (given, { from }) => {
      const value = from === 'text' && /^\d{1,16}$/.test(String(given)) ? Number(given) : given;
      return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
        ? (value as number)
        : new Refused(given);
    },
  };
}

export const port = integer(0, 65_535);

export function milliseconds(least: number): Kind<number> {
  const whole = integer(least, MAX_DELAY_MS, 'milliseconds');
  return { ...whole, allowed: `milliseconds, ${whole.allowed}` };
}

export const boolean: Kind<boolean> = {
  allowed: 'true or false',
  placeholder: undefined,
  read: (given, { from }) => {
    const value = from === 'text' ? { true: true, false: false }[String(given)] : given;
    return typeof value === 'boolean' ? value : new Refused(given);
  },
};

/** Words in the order of a sentence: `a, b or c`. */
function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

export function oneOf<const Word extends string>(placeholder: string, words: readonly Word[]): Kind<Word> {
  return {
    allowed: alternatives(words),
    placeholder,
    read: given => words.find(word => word === given) ?? new Refused(given),
  };
}

/** One of some words, or what the other kind takes. */
export function wordOr<const Word extends string, Value>(
  words: readonly Word[],
  other: Kind<Value>,
): Kind<Word | Value> {
  return {
    allowed: alternatives([...words, other.allowed]),
    placeholder: other.placeholder,
    read: (given, place) => words.find(word => word === given) ?? other.read(given, place),
  };
}

/** Text of a given form. */
export function text(allowed: string, placeholder: string, accepts: (text: string) => boolean): Kind<string> {
  return {
    allowed,
    placeholder,
    read: given => (typeof given === 'string' && accepts(given) ? given : new Refused(given)),
  };
}

/** A path, made absolute. */
export function path(placeholder: string): Kind<string> {
  return {
    allowed: `the path of a ${placeholder}`,
    placeholder,
    read: (given, { folder }) => {
      if (typeof given !== 'string' || given === '' || given.includes('\0')) return new Refused(given);
      return isAbsolute(given) ? given : resolve(folder, given);
    },
  };
}

export function list(placeholder: string, entries: string, entry: Kind<string>): Kind<readonly string[]> {
  return {
    allowed: entries,
    placeholder,
    list: true,
    read: (given, place) => {
      const parts = place.from === 'text' ? partsOf(String(given)) : given;
      if (!Array.isArray(parts)) return new Refused(given, { allowed: `an array of ${entries}` });
      const values = parts.map(part => entry.read(part, place));
      const refused = values.find(value => value instanceof Refused);
      return refused ?? (values as string[]);
    },
  };
}

function partsOf(given: string): string[] {
  const parts = given.split(',').map(part => part.trim());
  return parts.filter(part => part !== '');
}

/** A function; only a file can have one. */
export function callback<Callback extends (...args: never[]) => unknown>(): Kind<Callback> {
  return {
    allowed: 'a function',
    placeholder: undefined,
    read: given => (typeof given === 'function' ? (given as Callback) : new Refused(given)),
  };
}
