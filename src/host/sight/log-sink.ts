/**
 * Lines on their way to an output: collected, written in batches of whole lines, one write at a time, and bounded: an
 * output that blocks or a disk that is full costs lines, never memory, and never a call.
 */
import type { LogOutput } from './log-output.ts';

export interface LineSinkOptions {
  readonly output: LogOutput;
  /** Milliseconds that a line may wait; default 1,000. */
  readonly flushMs?: number;
  /** Characters that are worth a write; default 65,536. */
  readonly batchChars?: number;
  /** Characters that may wait, beyond them lines are dropped; default 4 Mi. */
  readonly maxChars?: number;
  /** Called when lines begin to be lost or held up, at most once a minute; `why` is undefined where there are too many. */
  readonly onTrouble?: (why: unknown) => void;
  /** Called when writing works again and lines were lost, with how many; at most once a minute, too. */
  readonly onRecovery?: (lost: number) => void;
}

const NEWLINE = 10;
const RETRY_MS = 1_000;
const FLUSH_TIMEOUT_MS = 2_000;
const TELL_INTERVAL_MS = 60_000;
/** Nobody will ever read what is written there: nothing is kept for them. */
const READER_GONE = new Set(['EPIPE', 'EBADF', 'ERR_STREAM_DESTROYED', 'ECONNRESET']);

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code);
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

export class LineSink {
  /** Lines that were never written. */
  lost = 0;
  readonly #output: LogOutput;
  readonly #options: Required<Pick<LineSinkOptions, 'flushMs' | 'batchChars' | 'maxChars'>>;
  readonly #onTrouble: ((why: unknown) => void) | undefined;
  readonly #onRecovery: ((lost: number) => void) | undefined;
  #pending = '';
  /** What is being written, and how much of it has been. */
  #batch: Buffer | undefined;
  #written = 0;
  /** Where the write that is under way ends. */
  #end = 0;
  #writing = false;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;
  #troubled = false;
  #troubledAt = 0;
  #troubleToldAt = Number.NEGATIVE_INFINITY;
  #lossToldAt = Number.NEGATIVE_INFINITY;
  #lossTold = 0;
  #reopening: ((error?: unknown) => void)[] = [];
  #waiting: (() => void)[] = [];
  #exiting = false;

  constructor({ output, flushMs = 1_000, batchChars = 65_536, maxChars = 4 * 1024 * 1024, ...told }: LineSinkOptions) {
    this.#output = output;
    this.#options = { flushMs, batchChars, maxChars };
    this.#onTrouble = told.onTrouble;
    this.#onRecovery = told.onRecovery;
  }

  /**
   * @param line with the line feed at its end
   * @returns whether it was taken; false: it is lost
   */
  write(line: string): boolean {
    const length = this.#pending.length + line.length;
    if (length + (this.#batch?.length ?? 0) > this.#options.maxChars) {
      this.lost++;
      this.#trouble(undefined);
      return false;
    }
    this.#pending += line;
    if (this.#exiting) this.flushSync();
    else if (length >= this.#options.batchChars && !this.#troubled) this.#pump();
    else this.#timer ??= setTimeout(this.#onTimer, this.#options.flushMs).unref();
    return true;
  }

  /** Has what was written so far on its way at the end of this turn of the event loop. */
  flushSoon(): void {
    this.#soon ??= setImmediate(() => {
      this.#soon = undefined;
      if (!this.#troubled) this.#pump();
    }).unref();
  }

  /** Resolves when everything is written, or can not be now; after 2 seconds in any case. Never rejects. */
  flush(): Promise<void> {
    this.#pump();
    if (!this.#writing) return Promise.resolve();
    return new Promise(resolve => {
      const timer = setTimeout(resolve, FLUSH_TIMEOUT_MS);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** For the end of the process: writes what is left, and whatever comes later at once. */
  flushSync(): void {
    this.#exiting = true;
    // The write under way is in the hands of the thread pool, which the process waits for.
    const rest = this.#batch?.subarray(this.#writing ? this.#end : this.#written) ?? Buffer.alloc(0);
    const bytes = Buffer.concat([rest, Buffer.from(this.#pending)]);
    this.#pending = '';
    this.#batch = this.#writing ? this.#batch?.subarray(0, this.#end) : undefined;
    if (bytes.byteLength === 0) return;
    try {
      this.#output.writeSync(bytes);
    } catch {
      this.lost += countLines(bytes);
    }
  }

  /** Goes on in a new file of the same name. Rejects when that can not be opened, and goes on in the old one. */
  reopen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#reopening.push(error => (error === undefined ? resolve() : reject(error)));
      // Lines of before the rotation belong into the old file, if it takes them.
      this.#pump();
      if (!this.#writing) this.#reopen();
    });
  }

  /** Writes what can be written, and counts the rest as lost. */
  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
    clearImmediate(this.#soon);
    const rest = this.#batch?.subarray(this.#written) ?? Buffer.alloc(0);
    this.lost += countLines(rest) + countLines(Buffer.from(this.#pending));
    this.#pending = '';
    if (this.#writing) return; // It never ends; the descriptor is its own.
    this.#batch = undefined;
    this.#output.close();
  }

  readonly #onTimer = (): void => {
    this.#timer = undefined;
    this.#pump();
  };

  /** Begins to write, unless a write is under way. */
  #pump(): void {
    if (this.#writing) return;
    if (this.#batch === undefined) {
      if (this.#pending === '') return this.#settle();
      this.#batch = Buffer.from(this.#pending);
      this.#pending = '';
      this.#written = 0;
    }
    this.#writing = true;
    this.#end = this.#endOfPiece(this.#batch);
    this.#output.write(this.#batch.subarray(this.#written, this.#end), this.#onWritten);
  }

  /** Where the next write ends: at the end of a line, as far on as one write may go. */
  #endOfPiece(batch: Buffer): number {
    const limit = this.#written + this.#output.maxWriteBytes;
    if (limit >= batch.length) return batch.length;
    const last = batch.lastIndexOf(NEWLINE, limit - 1);
    return last >= this.#written ? last + 1 : batch.indexOf(NEWLINE, limit) + 1 || batch.length;
  }

  readonly #onWritten = (error: Error | null, count: number): void => {
    this.#writing = false;
    if (error !== null) this.#failed(error);
    else this.#advance(count);
  };

  #advance(count: number): void {
    this.#written += count;
    if (this.#written >= (this.#batch?.length ?? 0)) this.#batch = undefined;
    this.#mayHaveRecovered();
    if (this.#reopening.length > 0 && this.#batch === undefined) this.#reopen();
    const more = this.#batch !== undefined || this.#pending.length >= this.#options.batchChars;
    if (more || this.#waiting.length > 0) this.#pump();
    else if (this.#pending !== '') this.#timer ??= setTimeout(this.#onTimer, this.#options.flushMs).unref();
  }

  #failed(error: Error): void {
    const code = codeOf(error);
    if (READER_GONE.has(code)) {
      this.lost += countLines(this.#batch?.subarray(this.#written) ?? Buffer.alloc(0));
      this.#batch = undefined;
    } else if (code !== 'EAGAIN') this.#beginLineAnew();
    this.#trouble(error);
    if (this.#reopening.length > 0) this.#reopen();
    this.#settle();
    this.#timer ??= setTimeout(this.#onTimer, RETRY_MS).unref();
  }

  /** A line of which only a part got through is written again in whole: others may have written behind that part. */
  #beginLineAnew(): void {
    const batch = this.#batch;
    if (batch === undefined || this.#written === 0 || batch[this.#written - 1] === NEWLINE) return;
    const start = batch.lastIndexOf(NEWLINE, this.#written - 1) + 1;
    this.#batch = Buffer.concat([Buffer.of(NEWLINE), batch.subarray(start)]);
    this.#written = 0;
  }

  #trouble(why: unknown): void {
    if (this.#troubled) return;
    this.#troubled = true;
    const now = performance.now();
    this.#troubledAt = now;
    if (now - this.#troubleToldAt < TELL_INTERVAL_MS) return;
    this.#troubleToldAt = now;
    this.#onTrouble?.(why);
  }

  /** Told when most of what waited is written, or else once a minute. */
  #mayHaveRecovered(): void {
    const caughtUp = this.#batch === undefined && 2 * this.#pending.length < this.#options.maxChars;
    if (caughtUp) this.#troubled = false;
    if (this.lost === this.#lossTold) return;
    const now = performance.now();
    const since = caughtUp ? this.#lossToldAt : Math.max(this.#lossToldAt, this.#troubledAt);
    if (now - since < TELL_INTERVAL_MS) return;
    const lost = this.lost - this.#lossTold;
    this.#lossToldAt = now;
    this.#lossTold = this.lost;
    this.#onRecovery?.(lost);
  }

  #reopen(): void {
    const asked = this.#reopening.splice(0);
    try {
      this.#output.reopen();
      for (const answer of asked) answer();
    } catch (error) {
      for (const answer of asked) answer(error);
    }
  }

  #settle(): void {
    for (const done of this.#waiting.splice(0)) done();
  }
}
