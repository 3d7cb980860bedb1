/** What the primary process and its workers tell each other over Node's IPC channel. */

/** The questions that the primary may ask a worker that serves. */
export type WorkerQuestion = 'metrics' | 'health';

/** How a worker has to stop. */
export interface Draining {
  /** A person waits at the terminal: no lame-duck window. */
  readonly hurry: boolean;
  /** Nobody else takes the connections that come meanwhile. */
  readonly keepAccepting: boolean;
}

/** From the primary to a worker. */
export type OrderToWorker =
  /** Serve the connection that comes with this message. */
  | { readonly slipway: 'connection' }
  /** No connection comes after this. */
  | { readonly slipway: 'last' }
  /** Stop: calls in flight may finish. */
  | ({ readonly slipway: 'drain' } & Draining)
  | { readonly slipway: 'ask'; readonly id: number; readonly what: WorkerQuestion };

/** Of what the configuration says, the part that is the primary's to do. */
export interface PrimarySettings {
  /** Undefined: the configuration asks for no workers any more. */
  readonly workers: number | undefined;
  readonly host: string;
  readonly port: number;
  readonly adminHost: string;
  readonly adminPort: number | undefined;
}

/** What a worker says of itself when it serves. */
export interface WorkerPlace {
  /** Of the server, for what is printed. */
  readonly name: string;
  readonly url: string;
  /** As the worker has read them: they may have changed since the primary started. */
  readonly settings: PrimarySettings;
  /** What it may take to stop, in ms. */
  readonly stopMs: number;
}

/** From a worker to the primary. */
export type ReportFromWorker =
  | { readonly slipway: 'ready'; readonly place: WorkerPlace }
  /** It does not serve and ends; `text` is what a single process would have printed. */
  | { readonly slipway: 'failed'; readonly text: string }
  | { readonly slipway: 'heartbeat' }
  /** It has the connection that it was given last. */
  | { readonly slipway: 'taken' }
  /** It wants no more connections; `last` is the answer. */
  | { readonly slipway: 'enough' }
  /** It has to end by itself (a crash, a signal) and would like to be replaced before. */
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
