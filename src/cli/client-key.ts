/** Clients keep a server under a key of their own; letters, digits, dashes and underscores suit all of them. */
export function clientKey(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '') || 'my-server';
}
