/**
 * Tasks of revision 2025-11-25 (basic/utilities/tasks). Slipway runs no tasks; the words exist so that messages of peers
 * that know them keep their types.
 */
import type { RequestParams } from './json-rpc.ts';

export type TaskStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

/** How a task is doing. */
export type Task = {
  taskId: string;
  status: TaskStatus;
  statusMessage?: string;
  /** ISO 8601. */
  createdAt: string;
  /** ISO 8601. */
  lastUpdatedAt: string;
  /** Milliseconds that the result is kept; null is for ever. */
  ttl: number | null;
  /** Milliseconds between two polls, as the server suggests. */
  pollInterval?: number;
};

/** Asks for a request to run as a task. */
export type TaskMetadata = {
  /** Milliseconds. */
  ttl?: number;
};

/** Names the task that a message belongs to. */
export type RelatedTaskMetadata = { taskId: string };

/** The parameters of a request that may run as a task. */
export type TaskAugmentedRequestParams = RequestParams & { task?: TaskMetadata };
