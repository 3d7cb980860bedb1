/**
 * Copies of what is logged: plain, bounded, without secrets. Whatever goes in (sockets, cycles, bigints, getters that
 * throw, proxies), what comes out can be written as JSON.
 */
import { isSecretMember, isSecretName, REDACTED, redactText } from './redaction.ts';

export interface CopyBounds {
  /** Of nesting; default 6. */
  readonly depth?: number;
  /** Members and elements in all; default 500. */
  readonly nodes?: number;
  /** Characters in all; default 32,768. */
  readonly chars?: number;
  /** Characters of one text; default 8,192. */
  readonly textChars?: number;
}

/** Names that a line has itself. */
const RESERVED = new Set(['level', 'time', 'pid', 'msg', '__proto__']);
const MAX_CAUSES = 8;
const MAX_ERRORS = 8;

class Copier {
  readonly #depth: number;
  readonly #textChars: number;
  #nodes: number;
  #chars: number;
  readonly #above = new Set<object>();

  constructor({ depth = 6, nodes = 500, chars = 32_768, textChars = 8_192 }: CopyBounds) {
    this.#depth = depth;
    this.#nodes = nodes;
    this.#chars = chars;
    this.#textChars = textChars;
  }

  copy(value: unknown, depth = 0): unknown {
    if (typeof value === 'object') return value === null ? null : this.#reference(value, depth);
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    if (typeof value === 'bigint') return this.text(String(value));
    return typeof value === 'symbol' || typeof value === 'function' ? `[${typeof value}]` : value;
  }

  #reference(value: object, depth: number): unknown {
    if (this.#above.has(value)) return '[seen above]';
    if (depth > this.#depth) return '[too deep]';
    this.#above.add(value);
    try {
      return this.#object(value, depth);
    } catch {
      return '[not readable]';
    } finally {
      this.#above.delete(value);
    }
  }

  text(text: string): string {
    const room = Math.min(this.#textChars, this.#chars);
    if (room <= 0) return '[cut]';
    const clean = text.length <= room ? redactText(text) : `${redactText(cutAtWord(text, room))}[cut]`;
    this.#chars -= clean.length;
    return clean;
  }

  #object(value: object, depth: number): unknown {
    if (value instanceof Error) return this.#error(value, depth, 0);
    if (Array.isArray(value)) return this.#array(value, depth);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof URL || value instanceof RegExp) return this.text(String(value));
    if (value instanceof Map || value instanceof Headers || value instanceof URLSearchParams) {
      return this.#members(
        [...value].map(([key, inner]) => [String(key), () => inner]),
        depth,
      );
    }
    if (value instanceof Set) return this.#array([...value], depth);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return this.copy(toJSON.call(value), depth + 1);
    const record = value as Record<string, unknown>;
    return this.#members(
      Object.keys(value).map(key => [key, () => record[key]]),
      depth,
    );
  }

  #members(members: readonly (readonly [string, () => unknown])[], depth: number): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    // `{ name: 'Authorization', value: '...' }`, as HTTP archives have it.
    const named = members.find(([key]) => key === 'name' || key === 'key' || key === 'header')?.[1]();
    const valueIsSecret = typeof named === 'string' && isSecretName(named);
    for (const [key, read] of members) {
      if (this.#nodes-- <= 0) {
        copy['[cut]'] = true;
        break;
      }
      const secretValue = valueIsSecret && key === 'value';
      Object.defineProperty(copy, this.text(key.slice(0, 200)), {
        value: this.#member(key, read, secretValue, depth),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return copy;
  }

  #member(key: string, read: () => unknown, secret: boolean, depth: number): unknown {
    try {
      const value = read();
      return secret || isSecretMember(key, value) ? REDACTED : this.copy(value, depth + 1);
    } catch {
      return '[not readable]';
    }
  }

  /** Also `['Authorization', 'Bearer ...', ...]`, which is how raw headers and arguments of commands come. */
  #array(values: readonly unknown[], depth: number): unknown[] {
    const copy: unknown[] = [];
    let secret = false;
    for (const value of values) {
      if (this.#nodes-- <= 0) {
        copy.push('[cut]');
        break;
      }
      copy.push(secret && typeof value === 'string' ? REDACTED : this.copy(value, depth + 1));
      secret = !secret && typeof value === 'string' && value.length < 64 && isSecretName(value);
    }
    return copy;
  }

  #error(error: Error, depth: number, causes: number): unknown {
    const { name, message, stack, cause } = error;
    const copy: Record<string, unknown> = { name: this.text(String(name)), message: this.text(String(message)) };
    // What else hangs on an error is often the request, the response, the arguments: only codes and the like are taken.
    for (const key of Object.keys(error).slice(0, 16)) {
      const value = (error as unknown as Record<string, unknown>)[key];
      if (key in copy || key === 'stack' || key === 'cause' || typeof value === 'object') continue;
      copy[key] = isSecretMember(key, value) ? REDACTED : this.copy(value, depth);
    }
    if (typeof stack === 'string') copy['stack'] = this.text(stack);
    if (error instanceof AggregateError) {
      copy['errors'] = error.errors.slice(0, MAX_ERRORS).map(inner => this.copy(inner, depth + 1));
    }
    if (cause === undefined) return copy;
    if (!(cause instanceof Error)) copy['cause'] = this.copy(cause, depth + 1);
    else if (causes >= MAX_CAUSES || this.#above.has(cause)) copy['cause'] = '[more causes]';
    else {
      this.#above.add(cause);
      copy['cause'] = this.#error(cause, depth, causes + 1);
      this.#above.delete(cause);
    }
    return copy;
  }
}

const BETWEEN_WORDS = /[\s"',;&<>{}()[\]]/;

/** The beginning of a text, without the word that is cut in two: half a token is not seen as one. */
function cutAtWord(text: string, length: number): string {
  let end = length;
  while (end > 0 && !BETWEEN_WORDS.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}

/** A copy for a log or an audit record. Never throws. */
export function redactedCopy(value: unknown, bounds: CopyBounds = {}): unknown {
  return new Copier(bounds).copy(value);
}

/** The fields of an event, ready to be written. Names that a line has itself get an underscore behind. */
export function logFields(fields: unknown): Record<string, unknown> {
  if (fields instanceof Error) return { error: redactedCopy(fields) };
  const copy = redactedCopy(fields);
  if (typeof copy !== 'object' || copy === null || Array.isArray(copy))
    return copy === undefined ? {} : { value: copy };
  for (const name of RESERVED) {
    if (!Object.hasOwn(copy, name)) continue;
    const record = copy as Record<string, unknown>;
    const value = record[name];
    delete record[name];
    record[`${name}_`] = value;
  }
  return copy as Record<string, unknown>;
}
