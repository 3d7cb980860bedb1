import type { Logger } from 'slipway';

export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  // biome-ignore lint/suspicious/noExplicitAny: what is logged differs per event
  readonly fields: any;
  readonly message: string;
}

/** A logger that keeps what it is told. */
export function recordedLog(): Logger & { readonly entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  const record = (level: LogEntry['level']) => (fields: object, message: string) => {
    entries.push({ level, fields, message });
  };
  return { entries, debug: record('debug'), info: record('info'), warn: record('warn'), error: record('error') };
}
