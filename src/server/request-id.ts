import { randomBytes } from 'node:crypto';

/** Tells the requests of this process from those of others. */
const PREFIX = randomBytes(5).toString('hex');
let count = 0;

/** An id for one request, for logs: unique, not secret. */
export function newRequestId(): string {
  return `${PREFIX}-${(++count).toString(36)}`;
}
