/** Where the server writes what its operator should know. A pino logger satisfies it. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

function plain(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return {
    name: value.name,
    message: value.message,
    stack: value.stack,
    ...(value.cause ? { cause: plain(value.cause) } : {}),
  };
}

/**
 * A logger that writes one JSON line per event to stderr (stdout belongs to the protocol on stdio).
 *
 * @param threshold the lowest level that is written; default `info`
 */
export function stderrLogger(threshold: Level = 'info'): Logger {
  const write = (level: Level) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(threshold)) return () => {};
    return (fields: object, message: string) => {
      const entries = Object.entries(fields).map(([key, value]) => [key, plain(value)]);
      const line = { time: new Date().toISOString(), level, message, ...Object.fromEntries(entries) };
      process.stderr.write(`${JSON.stringify(line)}\n`);
    };
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** A logger that writes nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
