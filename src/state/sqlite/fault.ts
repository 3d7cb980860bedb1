import { SlipwayError } from '../../protocol/coded-error.ts';
import { fileErrorCode, fileFault } from '../file-fault.ts';

/** What is wrong with the store, as far as it decides what is done about it. */
export interface Fault {
  /**
   * `busy`: another process holds the lock, try again. `statement`: this one write is impossible, others are not.
   * `full`: works again once there is room. `broken`: the connection may have to be opened again.
   */
  readonly kind: 'busy' | 'statement' | 'full' | 'broken';
  /** In words for the operator. */
  readonly why: string;
}

/** Primary result codes (https://www.sqlite.org/rescode.html). */
const FAULTS: Readonly<Record<number, Fault>> = {
  3: { kind: 'broken', why: 'the operating system refuses access to it' },
  5: { kind: 'busy', why: 'another process holds its lock' },
  6: { kind: 'busy', why: 'another connection holds a lock' },
  7: { kind: 'broken', why: 'there is not enough memory' },
  8: { kind: 'broken', why: 'it is read-only' },
  10: { kind: 'broken', why: 'the disk reports an input/output error' },
  11: { kind: 'broken', why: 'the file is damaged' },
  13: { kind: 'full', why: 'the disk is full' },
  14: { kind: 'broken', why: 'the file can not be opened' },
  15: { kind: 'busy', why: 'its lock could not be taken' },
  26: { kind: 'broken', why: 'the file is damaged or no SQLite database' },
};

export const CLOSED: Fault = { kind: 'broken', why: 'it is closed' };
export const LOCKED: Fault = FAULTS[5]!;

/** What an error of `node:sqlite` or of the file system means. */
export function faultOf(error: unknown): Fault {
  if (error instanceof SlipwayError) return { kind: 'broken', why: String(error.details['why'] ?? error.what) };
  if (!(error instanceof Error)) return { kind: 'broken', why: String(error) };
  if ('errcode' in error && typeof error.errcode === 'number') {
    // The lower byte is the primary code, the rest says more.
    const known = FAULTS[error.errcode & 0xff];
    return known ?? { kind: 'statement', why: `SQLite reports '${error.message}'` };
  }
  if ('code' in error && error.code === 'ERR_INVALID_STATE') return CLOSED;
  if (fileErrorCode(error) !== undefined) return { kind: 'broken', why: fileFault(error) };
  return { kind: 'statement', why: error.message };
}

/** The coded error of a fault. */
export function unavailable(fault: Fault, cause?: unknown): SlipwayError {
  return new SlipwayError('SLIP_STORE_UNAVAILABLE', { why: fault.why }, { cause });
}
