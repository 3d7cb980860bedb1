/** Where the server writes what its operator should know. A pino logger satisfies it. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

/** How much of a chain of causes, and of what hangs on an error, is worth a line. */
const MAX_CAUSES = 8;

function plain(value: unknown, depth = 0): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  if (cause === undefined || depth >= MAX_CAUSES) return { name, message, stack };
  return { name, message, stack, cause: plain(cause, depth + 1) };
}

/** JSON of anything: an error may carry sockets, cycles, bigints and getters that throw. */
function safeJson(value: unknown): string {
  const seen = new WeakSet<object>();
  const replace = (_key: string, inner: unknown): unknown => {
    if (typeof inner === 'bigint') return String(inner);
    if (typeof inner !== 'object' || inner === null) return inner;
    if (seen.has(inner)) return '[seen above]';
    seen.add(inner);
    return inner;
  };
  try {
    return JSON.stringify(value, replace) ?? 'null';
  } catch {
    return '"[not printable]"';
  }
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
      const head = { time: new Date().toISOString(), level, message };
      const members = Object.entries(fields).map(([key, value]) => `,${JSON.stringify(key)}:${safeJson(plain(value))}`);
      process.stderr.write(`${JSON.stringify(head).slice(0, -1)}${members.join('')}}\n`);
    };
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** A logger that writes nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
