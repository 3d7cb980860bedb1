/** One element of the `Forwarded` header: what one proxy says. RFC 7239, 4. */
export interface ForwardedElement {
  readonly for: string | undefined;
  readonly host: string | undefined;
  readonly proto: string | undefined;
}

const PAIR = /^\s*([!#$%&'*+.^_`|~0-9a-z-]{1,40})=(?:"([^"\\]{0,300})"|([!#$%&'*+.^_`|~0-9a-z:[\]-]{0,300}))\s*$/i;

/** @returns undefined when it is not one: escapes, commas and semicolons in quotes occur in none of these values */
export function parseForwardedElement(text: string): ForwardedElement | undefined {
  const found: Record<string, string> = {};
  for (const part of text.split(';')) {
    const match = PAIR.exec(part);
    if (match === null) return undefined;
    const name = match[1]!.toLowerCase();
    if (name === 'for' || name === 'host' || name === 'proto') found[name] = match[2] ?? match[3] ?? '';
  }
  return { for: found['for'], host: found['host'], proto: found['proto'] };
}
