/** Who called which tool with what, and how it ended: for those who have to answer for it later. */
import type { KeyObject } from 'node:crypto';
import type { CallObserver } from '../../server/call-observer.ts';
import type { Logger } from '../../server/logger.ts';
import { type AuditArguments, type AuditRecord, AuditRecords } from './audit-trail-record.ts';
import { atExit } from './log-exit.ts';
import { IdentityHashes } from './log-identity.ts';
import { openOutput } from './log-output.ts';
import { LineSink } from './log-sink.ts';

export type { AuditArguments, AuditRecord } from './audit-trail-record.ts';

export interface AuditTrailOptions {
  /** The path of the file that records are appended to, one JSON line each. */
  readonly file?: string;
  /** Receives each record; what it throws or rejects with costs that record, not the call. */
  readonly onAudit?: (record: AuditRecord) => unknown;
  /** What is kept of arguments; default `hash`. */
  readonly arguments?: AuditArguments;
  /** Hears of records that were lost. */
  readonly logger: Logger;
  /** The access log's, so that both give a session the same name. */
  readonly key?: KeyObject;
}

export interface AuditTrail extends CallObserver {
  /** Records that did not get to the file or to `onAudit`. */
  readonly lost: number;
  /** Resolves when everything is written and received, or can not be; after 2 seconds at the latest. Never rejects. */
  flush(): Promise<void>;
  /** Goes on in a new file, after a rotation. Rejects when it can not be opened, and goes on in the old one. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

const FLUSH_MS = 200;
const FLUSH_TIMEOUT_MS = 2_000;
const MAX_WAITING_CHARS = 16 * 1024 * 1024;
/** Records that `onAudit` may have in hand at once. */
const MAX_IN_HAND = 1_000;
const TELL_INTERVAL_MS = 60_000;

class FileAndCallback implements AuditTrail {
  readonly #records: AuditRecords;
  readonly #onAudit: AuditTrailOptions['onAudit'];
  readonly #logger: Logger;
  readonly #sink: LineSink | undefined;
  readonly #offExit: () => void;
  readonly #inHand = new Set<Promise<unknown>>();
  #refused = 0;
  #told = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor({ file, onAudit, arguments: kept = 'hash', logger, key }: AuditTrailOptions) {
    this.#records = new AuditRecords(kept, new IdentityHashes(key));
    this.#onAudit = onAudit;
    this.#logger = logger;
    if (file !== undefined) {
      this.#sink = new LineSink({
        output: openOutput(file, 'auditFile', 0o600),
        flushMs: FLUSH_MS,
        maxChars: MAX_WAITING_CHARS,
        onTrouble: why => this.#tell(why ?? new Error('The audit file takes no more records')),
        onRecovery: () => this.#tell(undefined),
      });
    }
    const sink = this.#sink;
    this.#offExit = atExit(() => sink?.flushSync());
  }

  ended(call: Parameters<CallObserver['ended']>[0]): void {
    const record = this.#records.of(call);
    if (record === undefined) return;
    this.#sink?.write(`${JSON.stringify(record)}\n`);
    if (this.#onAudit !== undefined) this.#hand(record, this.#onAudit);
  }

  #hand(record: AuditRecord, onAudit: (record: AuditRecord) => unknown): void {
    if (this.#inHand.size >= MAX_IN_HAND) return this.#lose(new Error('onAudit has too many records in hand'));
    try {
      const answer = onAudit(record);
      if (!(answer instanceof Promise)) return;
      const settled: Promise<unknown> = answer
        .catch((error: unknown) => this.#lose(error))
        .finally(() => this.#inHand.delete(settled));
      this.#inHand.add(settled);
    } catch (error) {
      this.#lose(error);
    }
  }

  get lost(): number {
    return this.#refused + (this.#sink?.lost ?? 0);
  }

  #lose(why: unknown): void {
    this.#refused++;
    this.#tell(why);
  }

  /** Says in the log what is wrong and how many records are lost, at most once a minute. */
  #tell(why: unknown): void {
    const now = performance.now();
    if (now - this.#toldAt < TELL_INTERVAL_MS) {
      this.#timer ??= setTimeout(() => this.#tellRest(why), TELL_INTERVAL_MS).unref();
      return;
    }
    this.#toldAt = now;
    const lost = this.lost - this.#told;
    this.#told = this.lost;
    this.#logger.error({ lost, lostInAll: this.lost, error: why }, 'audit records can not be delivered');
  }

  #tellRest(why: unknown): void {
    this.#timer = undefined;
    if (this.lost > this.#told) this.#tell(why);
  }

  async flush(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>(resolve => {
      timer = setTimeout(resolve, FLUSH_TIMEOUT_MS);
    });
    await Promise.all([this.#sink?.flush(), Promise.race([Promise.all(this.#inHand), late])]);
    clearTimeout(timer);
  }

  async reopen(): Promise<void> {
    await this.#sink?.reopen();
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#sink?.close();
    if (this.lost > this.#told) {
      this.#toldAt = Number.NEGATIVE_INFINITY;
      this.#tell(undefined);
    }
    clearTimeout(this.#timer);
    this.#offExit();
  }
}

/**
 * @throws SlipwayError `SLIP_INVALID_OPTION` for a file that can not be written to
 */
export function auditTrail(options: AuditTrailOptions): AuditTrail {
  return new FileAndCallback(options);
}
