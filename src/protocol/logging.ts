/** Log messages to the client (MCP 2025-11-25, server/utilities/logging; deprecated in 2026-07-28 by SEP-2577). */
import type { NotificationParams, RequestParams } from './json-rpc.ts';

/** The severities of RFC 5424, least severe first. */
export const LOGGING_LEVELS = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
] as const;

export type LoggingLevel = (typeof LOGGING_LEVELS)[number];

const SEVERITY: ReadonlyMap<unknown, number> = new Map(LOGGING_LEVELS.map((level, index) => [level, index]));

/** The severity of `level`, 0 for `debug` up to 7 for `emergency`: a message passes if its severity is not lower. */
export function severityOf(level: LoggingLevel): number {
  return SEVERITY.get(level) ?? 0;
}

/** Whether `value` names a severity. */
export function isLoggingLevel(value: unknown): value is LoggingLevel {
  return SEVERITY.has(value);
}

/** Legacy revisions only: the least severe message that the session wants. Modern requests say it in `_meta`. */
export type SetLevelRequestParams = RequestParams & { level: LoggingLevel };
export type SetLevelRequest = { method: 'logging/setLevel'; params: SetLevelRequestParams };

export type LoggingMessageNotificationParams = NotificationParams & {
  level: LoggingLevel;
  /** The part of the server that speaks. */
  logger?: string;
  /** Any JSON value. */
  data: unknown;
};
export type LoggingMessageNotification = {
  method: 'notifications/message';
  params: LoggingMessageNotificationParams;
};
