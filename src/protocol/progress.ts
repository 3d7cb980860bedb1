/** Progress of a running request (MCP 2026-07-28, basic/utilities/progress). */
import type { NotificationParams } from './json-rpc.ts';
import type { ProgressToken } from './request-meta.ts';

/** How far a request has come. */
export type Progress = {
  /** Grows with every notification. */
  progress: number;
  /** The value of `progress` at the end, if known. */
  total?: number;
  message?: string;
};

export type ProgressNotificationParams = NotificationParams & Progress & { progressToken: ProgressToken };
export type ProgressNotification = { method: 'notifications/progress'; params: ProgressNotificationParams };

/** Called for each progress notification about a request. */
export type ProgressCallback = (progress: Progress) => void;
