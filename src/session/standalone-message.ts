/** What an event of the bus says to the client of a session, as JSON-RPC. */
import { type LoggingLevel, severityOf } from '../protocol/logging.ts';
import { CHANGE_METHODS } from '../server/subscriptions.ts';
import type { BusEvent } from '../state/bus.ts';
import type { ServerEvent } from '../state/event-bus.ts';

export function changeMessage(event: ServerEvent): string {
  const method = CHANGE_METHODS[event.kind];
  const params = event.kind === 'resource_updated' ? { params: { uri: event.uri } } : undefined;
  return JSON.stringify({ jsonrpc: '2.0', method, ...params });
}

/** Who listens. */
export interface StandaloneAudience {
  /** The session's key. */
  readonly session: string;
  readonly uris: ReadonlySet<string>;
  readonly level: LoggingLevel | undefined;
}

/** Thousands hear one event one after the other, and most of it is the same for all. */
let last: { readonly event: BusEvent; readonly text: string } | undefined;

function textOf(event: BusEvent, write: () => string): string {
  if (last?.event !== event) last = { event, text: write() };
  return last.text;
}

/** @returns undefined for an event that this client is not told */
export function messageFor(event: BusEvent, { session, uris, level }: StandaloneAudience): string | undefined {
  switch (event.kind) {
    case 'change': {
      const change = event.event;
      if (change.kind === 'resource_updated' && !uris.has(change.uri)) return undefined;
      // A newer release may know of other changes.
      if (!Object.hasOwn(CHANGE_METHODS, change.kind)) return undefined;
      return textOf(event, () => changeMessage(change));
    }
    case 'message':
      return event.session === session ? event.message : undefined;
    case 'log': {
      const { params } = event;
      if (event.session !== undefined && event.session !== session) return undefined;
      if (level !== undefined && severityOf(params.level) < severityOf(level)) return undefined;
      return textOf(event, () => JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params }));
    }
    default:
      return undefined;
  }
}
