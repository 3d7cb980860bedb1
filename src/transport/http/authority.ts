/** `host[:port]` as it stands in a Host header, an origin and the lists of allowed ones (RFC 9110, 7.2). */

export interface Authority {
  /** In lower case; IPv6 in brackets. */
  readonly name: string;
  /** The digits after the colon; undefined when there are none. */
  readonly port: string | undefined;
}

const AUTHORITY = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9_.~!$&'()*+,;=%-]{1,255})(?::(\d{1,5}))?$/i;

/** The two halves of `host[:port]`; undefined when it is none. */
export function parseAuthority(value: string): Authority | undefined {
  const match = AUTHORITY.exec(value);
  if (match === null) return undefined;
  return { name: match[1]!.toLowerCase(), port: match[2] };
}

/** Whether `authority` is what an entry of a list of allowed ones means: an entry without a port means any port. */
export function covers(entry: Authority, authority: Authority): boolean {
  return entry.name === authority.name && (entry.port === undefined || entry.port === authority.port);
}
