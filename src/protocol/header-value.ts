/**
 * Values of the headers that mirror a request's body: `Mcp-Name` and `Mcp-Param-{Name}`
 * (MCP 2026-07-28, basic/transports/streamable-http, Value Encoding).
 */

const SENTINEL_START = '=?base64?';
const SENTINEL_END = '?=';

/** Visible ASCII, space and tab (RFC 9110, 5.5). */
const FIELD_CONTENT = /^[\t -~]*$/;

function isWhiteSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** By hand, because an anchored pattern for white space at the end is quadratic in what a stranger sends. */
function withoutWhiteSpaceAround(raw: string): string {
  let start = 0;
  let end = raw.length;
  while (start < end && isWhiteSpace(raw.charCodeAt(start))) start++;
  while (end > start && isWhiteSpace(raw.charCodeAt(end - 1))) end--;
  return start === 0 && end === raw.length ? raw : raw.slice(start, end);
}

function decodeBase64(payload: string): string | undefined {
  try {
    const binary = atob(payload);
    // atob forgives white space, missing padding and stray bits; only the canonical form comes back the same.
    if (btoa(binary) !== payload) return undefined;
    const bytes = Uint8Array.from(binary, character => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * The field value that stands for a text, as a client sends it.
 *
 * @returns the text itself where it can be one, else its UTF-8 as `=?base64?...?=`
 */
export function encodeHeaderValue(text: string): string {
  const isSentinel = text.startsWith(SENTINEL_START) && text.endsWith(SENTINEL_END);
  if (FIELD_CONTENT.test(text) && withoutWhiteSpaceAround(text) === text && !isSentinel) return text;
  const binary = Array.from(new TextEncoder().encode(text), byte => String.fromCharCode(byte)).join('');
  return `${SENTINEL_START}${btoa(binary)}${SENTINEL_END}`;
}

/**
 * The value that a mirrored header stands for.
 *
 * @param raw - the field value as received
 * @returns the value: surrounding white space removed, `=?base64?...?=` decoded as UTF-8, anything else as it is;
 * undefined when it has characters that a field value must not have, or its Base64 is not canonical UTF-8
 */
export function decodeHeaderValue(raw: string): string | undefined {
  const value = withoutWhiteSpaceAround(raw);
  if (!FIELD_CONTENT.test(value)) return undefined;
  if (!value.startsWith(SENTINEL_START) || !value.endsWith(SENTINEL_END)) return value;
  // In "=?base64?=" the two markers share a character: there is no room for a payload, so it stands for itself.
  if (value.length < SENTINEL_START.length + SENTINEL_END.length) return value;
  return decodeBase64(value.slice(SENTINEL_START.length, -SENTINEL_END.length));
}
