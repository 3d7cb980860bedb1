import type { Result } from '../protocol/result.ts';

/**
 * A result whose bytes exist already: list pages and other answers that a snapshot holds. The object is frozen, for
 * middleware and for transports that pass objects.
 */
export class PreparedResult {
  readonly object: Result;
  readonly text: string;
  #bytes: Buffer | undefined;

  constructor(object: Result) {
    this.object = deepFreeze(object);
    this.text = JSON.stringify(object);
  }

  /** The text and the brace that closes a response, in UTF-8: a long list is encoded once, not at every request. */
  get bytes(): Buffer {
    return (this.#bytes ??= Buffer.from(`${this.text}}`));
  }
}

/** What an operation yields. */
export type Outcome = Result | PreparedResult;

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
