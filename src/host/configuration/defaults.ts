/**
 * The values of keys that nobody has set; a key that is not here has none. Numbers that another file decides are repeated
 * where importing that file would load half of the server for `slipway --help`; a test compares them.
 */
import { DEFAULT_LIMITS } from '../../transport/http/limits.ts';

export const DEFAULTS = {
  ...DEFAULT_LIMITS,
  port: 8087,
  host: '127.0.0.1',
  responseMode: 'auto',
  legacy: 'stateless',
  sessions: 'optional',
  sessionTtlMs: 7 * 24 * 3_600_000,
  retryMs: 1_000,
  httpSse: false,
  resultWarningChars: 140_000,
  idempotencyTtlMs: 24 * 3_600_000,
  drainGraceMs: 30_000,
  lameDuckMs: 5_000,
  adminHost: '127.0.0.1',
  logLevel: 'info',
  logFormat: 'auto',
  logFile: 'stderr',
  accessLog: true,
  auditArguments: 'hash',
  tracing: 'auto',
  quiet: false,
} as const;

export type DefaultedKey = keyof typeof DEFAULTS;
