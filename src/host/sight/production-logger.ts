/**
 * The operator's log: pino, loaded when there is something to say and the process has had time to start. Until then
 * lines wait with their time stamps; a process that ends before writes them without pino, in the same shape.
 */
import type { Logger } from '../../server/logger.ts';
import { atExit } from './log-exit.ts';
import { logFields } from './log-fields.ts';
import { openOutput } from './log-output.ts';
import { LineSink } from './log-sink.ts';
import { isoTime } from './log-time.ts';
import { loadPretty, type PrettyLine, wantsColour } from './pretty-line.ts';
import { redactText } from './redaction.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
export type LogFormat = 'auto' | 'json' | 'pretty';

export interface ProductionLoggerOptions {
  /** The least that is written; default `info`. */
  readonly level?: LogLevel;
  /** `auto`: pretty on a terminal, JSON lines elsewhere; default `auto`. */
  readonly format?: LogFormat;
  /** `stderr`, `stdout` or the path of a file, which is appended to; default `stderr`. */
  readonly destination?: string;
}

export interface OperatorLogger extends Logger {
  /** A logger whose lines carry these fields too. */
  child(bindings: object): Logger;
  /** Whether lines of this level are written. */
  enabled(level: LogLevel): boolean;
  /** Writes a line of JSON that is ready, with its line feed: for those who make thousands a second. */
  writeLine(line: string): void;
  /** Lines that could not be written. */
  readonly lost: number;
  /** Loads what it writes with: worth calling once the server listens. */
  load(): Promise<void>;
  /** Resolves when everything is written, or can not be; after 2 seconds at the latest. Never rejects. */
  flush(): Promise<void>;
  /** Goes on in a new file, after a rotation. Rejects when it can not be opened, and goes on in the old one. */
  reopen(): Promise<void>;
  /** Writes what is left and lets go of the file. */
  close(): Promise<void>;
}

type Severity = 'debug' | 'info' | 'warn' | 'error';
type Write = (level: Severity, fields: object, message: string) => void;

interface LogEvent {
  readonly at: number;
  readonly level: Severity;
  readonly fields: object;
  readonly message: string;
}

const RANKS: Readonly<Record<LogLevel, number>> = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
  silent: 100,
};
/** From the first line until pino is loaded: not while the process starts. */
const LOAD_DELAY_MS = 250;
/** Lines that wait for pino; more are written without it. */
const MAX_WAITING = 1_000;

function plainLine({ at, level, fields, message }: LogEvent): string {
  return `${JSON.stringify({ level, time: isoTime(at), pid: process.pid, ...fields, msg: message })}\n`;
}

class ProductionLogger implements OperatorLogger {
  readonly #rank: number;
  readonly #sink: LineSink;
  readonly #colour: boolean;
  readonly #isPretty: boolean;
  readonly #isTerminal: boolean;
  readonly #offExit: () => void;
  #waiting: (LogEvent | string)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #loading: Promise<void> | undefined;
  #pino: Write | undefined;
  #pretty: PrettyLine | undefined;
  /** The time of the line that pino writes. */
  #at = 0;

  constructor({ level = 'info', format = 'auto', destination = 'stderr' }: ProductionLoggerOptions) {
    this.#rank = RANKS[level];
    const output = openOutput(destination, 'logFile', 0o640);
    this.#isTerminal = output.isTerminal;
    this.#isPretty = format === 'pretty' || (format === 'auto' && output.isTerminal);
    this.#colour = wantsColour(output.isTerminal);
    this.#sink = new LineSink({
      output,
      onTrouble: why => {
        // Where standard error itself is the trouble, nobody is left to be told before it works again.
        if (destination === 'stderr') return;
        const fields = logFields({ destination, error: why ?? 'it takes no more lines' });
        const event = { at: Date.now(), level: 'error', fields, message: 'the log can not be written' } as const;
        process.stderr.write(plainLine(event));
      },
      onRecovery: lost => {
        this.#log('warn', { lost }, 'lines of this log were lost');
      },
    });
    this.#offExit = atExit(() => {
      this.#writeWaiting();
      this.#sink.flushSync();
    });
  }

  debug(fields: object, message: string): void {
    this.#log('debug', fields, message);
  }

  info(fields: object, message: string): void {
    this.#log('info', fields, message);
  }

  warn(fields: object, message: string): void {
    this.#log('warn', fields, message);
  }

  error(fields: object, message: string): void {
    this.#log('error', fields, message);
  }

  child(bindings: object): Logger {
    const bound = logFields(bindings);
    const write = (level: Severity) => (fields: object, message: string) => this.#log(level, fields, message, bound);
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  }

  enabled(level: LogLevel): boolean {
    return RANKS[level] >= this.#rank && level !== 'silent';
  }

  get lost(): number {
    return this.#sink.lost;
  }

  #log(level: Severity, given: unknown, message: unknown, bound?: object): void {
    if (RANKS[level] < this.#rank) return;
    // Pino's other form: `logger.info('text')`.
    const [fields, text] =
      typeof given === 'string' && message === undefined ? [{}, given] : [logFields(given), message];
    const event: LogEvent = {
      at: Date.now(),
      level,
      fields: bound === undefined ? fields : { ...bound, ...fields },
      message: redactText(String(text ?? '').slice(0, 8_192)),
    };
    if (this.#pino !== undefined) this.#write(event);
    else this.#wait(event);
  }

  writeLine(line: string): void {
    if (!this.#isPretty) {
      this.#sink.write(line);
      return;
    }
    if (this.#pino === undefined) return this.#wait(line);
    this.#emit(line);
    if (this.#isTerminal) this.#sink.flushSoon();
  }

  /** Keeps what is written before pino is there, in its order. */
  #wait(event: LogEvent | string): void {
    if (this.#waiting.push(event) > MAX_WAITING) this.#writeWaiting();
    this.#timer ??= setTimeout(() => void this.load(), LOAD_DELAY_MS).unref();
  }

  load(): Promise<void> {
    clearTimeout(this.#timer);
    return (this.#loading ??= this.#load().catch(() => {
      // A broken installation must not cost the log.
      this.#pino = (level, fields, message) => this.#emit(plainLine({ at: this.#at, level, fields, message }));
      this.#writeWaiting();
    }));
  }

  async #load(): Promise<void> {
    if (this.#isPretty) this.#pretty = await loadPretty(this.#colour);
    const { pino } = await import('pino');
    const instance = pino(
      {
        level: 'debug', // Filtered before the fields were copied.
        base: { pid: process.pid },
        timestamp: () => `,"time":"${isoTime(this.#at)}"`,
        formatters: { level: label => ({ level: label }) },
        serializers: { err: (error: unknown) => error }, // The fields are plain already.
      },
      { write: line => this.#emit(line) },
    );
    this.#pino = (level, fields, message) => instance[level](fields, message);
    this.#writeWaiting();
  }

  #write({ at, level, fields, message }: LogEvent): void {
    this.#at = at;
    this.#pino?.(level, fields, message);
    this.#sink.flushSoon();
  }

  #writeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const event of waiting) {
      if (typeof event === 'string') this.#emit(event);
      else if (this.#pino === undefined) this.#emit(plainLine(event));
      else this.#write(event);
    }
    if (waiting.length > 0) this.#sink.flushSoon();
  }

  #emit(line: string): void {
    this.#sink.write(this.#pretty === undefined ? line : this.#pretty(line));
  }

  async flush(): Promise<void> {
    if (this.#waiting.length > 0) await this.load();
    await this.#sink.flush();
  }

  reopen(): Promise<void> {
    return this.#sink.reopen();
  }

  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
    this.#offExit();
    await this.#sink.close();
  }
}

/**
 * @throws SlipwayError `SLIP_INVALID_OPTION` for a file that can not be written to
 */
export function productionLogger(options: ProductionLoggerOptions = {}): OperatorLogger {
  return new ProductionLogger(options);
}
