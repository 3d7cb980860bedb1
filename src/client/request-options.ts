import type { ProgressCallback } from '../protocol/progress.ts';

/** Options of a request that the client sends; names as in the official SDK. */
export interface RequestOptions {
  /** Milliseconds to wait for the answer, without those in which the client is asked; default 60,000. */
  timeout?: number;
  /** Gives up waiting when aborted, and tells the server so. The promise rejects with its reason. */
  signal?: AbortSignal;
  /** Called for each progress notification about the request. */
  onprogress?: ProgressCallback;
  /** Whether progress starts the timeout anew; default false. */
  resetTimeoutOnProgress?: boolean;
  /** Milliseconds to wait at most, whatever the progress; default: no limit. */
  maxTotalTimeout?: number;
}
