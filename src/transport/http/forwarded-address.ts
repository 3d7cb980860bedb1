import { writtenAddress } from './caller-address.ts';

const BRACKETED = /^\[([^\]]+)\](?::\d{1,5})?$/;
const WITH_PORT = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/;

/**
 * The address in one element of `X-Forwarded-For`, or in `for=` of `Forwarded` (RFC 7239, 6): with or without port and
 * brackets.
 *
 * @returns undefined for everything else, such as `unknown` or `_hidden`
 */
export function forwardedAddress(element: string): string | undefined {
  const text = element.trim();
  const [, inside = text] = BRACKETED.exec(text) ?? WITH_PORT.exec(text) ?? [];
  return writtenAddress(inside);
}
