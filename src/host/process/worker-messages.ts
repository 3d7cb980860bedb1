/** What the primary process and its workers tell each other over Node's IPC channel. */

/** The questions that the primary may ask a worker that serves. */
export type WorkerQuestion = 'metrics' | 'health';

/** From the primary to a worker. */
export type OrderToWorker =
  /** Stop: calls in flight may finish. In a hurry there is no lame-duck window: a person waits at the terminal. */
  | { readonly slipway: 'drain'; readonly hurry: boolean }
  | { readonly slipway: 'ask'; readonly id: number; readonly what: WorkerQuestion };

/** Where a worker serves. */
export interface WorkerPlace {
  /** Of the server, for what is printed. */
  readonly name: string;
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/** From a worker to the primary. */
export type ReportFromWorker =
  | { readonly slipway: 'ready'; readonly place: WorkerPlace }
  /** It does not serve and ends; `text` is what a single process would have printed. */
  | { readonly slipway: 'failed'; readonly text: string }
  | { readonly slipway: 'heartbeat' }
  /** It has to end by itself (a crash, a signal) and would like to be replaced before it stops to accept. */
  | { readonly slipway: 'leaving'; readonly why: string }
  | { readonly slipway: 'answer'; readonly id: number; readonly value?: unknown; readonly fault?: string };

/** Server files may use the channel for messages of their own. */
function isOurs(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'slipway' in message;
}

export function isOrder(message: unknown): message is OrderToWorker {
  return isOurs(message);
}

export function isReport(message: unknown): message is ReportFromWorker {
  return isOurs(message);
}

/** A worker says this often that its event loop turns. */
export const HEARTBEAT_MS = 1_000;
