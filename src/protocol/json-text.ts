/**
 * JSON text from strangers. `JSON.parse` itself copes with any depth, but what it returns is walked recursively later
 * (validation, freezing, stringifying), so the depth is bounded before a value exists.
 */
import { SlipwayError } from './coded-error.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const BYTE_ORDER_MARK = 0xfeff;

/** The index of the quote that ends the string whose first character stands at `start`; the text's length if none does. */
function endOfString(text: string, start: number): number {
  let at = start;
  for (;;) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    let before = at - 1;
    while (before >= start && text.charCodeAt(before) === BACKSLASH) before--;
    if ((at - before) % 2 === 1) return at;
    at++;
  }
}

/** Whether arrays and objects nest deeper than `limit`. For text that is no JSON any answer may come. */
function isDeeperThan(text: string, limit: number): boolean {
  // Every level has one character that opens it and one that closes it. Where too few are left to open the missing
  // levels and close them all, the rest needs no look.
  const end = text.length - 2 * limit - 1;
  let depth = 0;
  for (let at = 0; at < end + depth; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at + 1);
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        if (++depth > limit) return true;
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth--;
        break;
    }
  }
  return false;
}

/**
 * Parses a JSON text. Keys like `__proto__` become own properties, as `JSON.parse` makes them. One byte order mark in
 * front is ignored, as RFC 8259, 8.1 allows and `Request.json()` does.
 *
 * @param maxDepth - the levels of arrays and objects that are allowed; a scalar has none
 * @throws SlipwayError SLIP_JSON_TOO_DEEP
 * @throws SyntaxError when it is not JSON
 */
export function parseJson(text: string, maxDepth: number): unknown {
  if (text.length > 2 * maxDepth && isDeeperThan(text, maxDepth)) {
    throw new SlipwayError('SLIP_JSON_TOO_DEEP', { limit: maxDepth });
  }
  return JSON.parse(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text);
}
