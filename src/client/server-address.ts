/** A server's address in messages: user names, passwords and query strings may be secrets, and are left out. */
export function shownAddress(url: URL | string): string {
  const { origin, protocol, host, pathname, search } = new URL(url);
  const base = origin === 'null' ? `${protocol}//${host}` : origin;
  return `${base}${pathname}${search === '' ? '' : '?...'}`;
}
