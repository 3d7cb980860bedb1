/** The names of the servers of this folder: `servers/<name>.ts` with its exchanges in `scripts/<name>.ts`. */
export const SERVERS = [
  'weather',
  'notes',
  'phrasebook',
  'gallery',
  'archive',
  'approvals',
  'librarian',
  'registry',
  'switchboard',
  'concierge',
  'tenants',
  'polyglot',
  'relay',
  'ledger',
  'harbour',
] as const;
