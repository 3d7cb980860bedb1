/** What the soak and its server tell each other, over the channel between the processes. */
import type { PlantedLeak } from './planted-leak.ts';

/** In the directory of the order. */
export const SERVER_LOG = 'server.log';
export const AUDIT_LOG = 'audit.log';

/** How the server is started; its first and only argument, as JSON. */
export interface ServerOrder {
  /** Where it keeps its state and its logs. */
  readonly directory: string;
  readonly plant: readonly PlantedLeak[];
  /** How long what sessions and streams leave behind is kept, so that forgetting is part of the run. */
  readonly keepMs: number;
}

/** What a server says about itself, after a garbage collection. */
export interface ServerMeasure {
  /** Used on the heap by data: without compiled code, which grows for as long as V8 learns; in bytes. */
  readonly heap: number;
  /** Buffers and other memory outside of the heap that its objects hold, in bytes. */
  readonly external: number;
  /** Resident memory, in bytes. */
  readonly rss: number;
  /** Handles that keep an event loop alive: sockets, timers, servers. */
  readonly handles: number;
}

/** `settled`: collect until the heap stops shrinking; for when nothing is going on. */
export type ServerQuestion =
  | { readonly ask: 'measure'; readonly settled: boolean }
  /** The files of its logs were moved away: it goes on in new ones. */
  | { readonly ask: 'reopen' }
  | { readonly ask: 'close' };

export type ServerAnswer =
  | { readonly kind: 'serving'; readonly port: number; readonly adminUrl: string }
  | { readonly kind: 'measure'; readonly measure: ServerMeasure }
  | { readonly kind: 'reopened' }
  | { readonly kind: 'closed' };
