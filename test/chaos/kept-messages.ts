/** What a store holds, read from the database itself: not by the code that is under test. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { BusEvent } from '../../src/state/bus.ts';

/** The messages of each request stream, in order; those of events without a message are left out. */
export function keptStreams(stateDir: string): string[][] {
  const query = `SELECT s.id, e.message FROM streams s JOIN events e ON e.stream = s.id
    WHERE e.message <> '' ORDER BY s.id, e.seq`;
  const streams = new Map<number, string[]>();
  for (const { id, message } of rowsOf<{ id: number; message: string }>(stateDir, query)) {
    const messages = streams.get(id);
    if (messages === undefined) streams.set(id, [message]);
    else messages.push(message);
  }
  return [...streams.values()];
}

/** The messages that a session which subscribed to `uris` and set no level is told on its GET stream, in order. */
export function keptBroadcasts(stateDir: string, uris: ReadonlySet<string>): string[] {
  const rows = rowsOf<{ event: string }>(stateDir, 'SELECT event FROM bus ORDER BY id');
  return rows.map(({ event }) => broadcast(JSON.parse(event) as BusEvent, uris)).filter(text => text !== undefined);
}

function broadcast(event: BusEvent, uris: ReadonlySet<string>): string | undefined {
  if (event.kind === 'log') {
    return JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: event.params });
  }
  if (event.kind !== 'change' || event.event.kind !== 'resource_updated' || !uris.has(event.event.uri))
    return undefined;
  return JSON.stringify({
    jsonrpc: '2.0',
    method: 'notifications/resources/updated',
    params: { uri: event.event.uri },
  });
}

function rowsOf<Row>(stateDir: string, query: string): Row[] {
  const database = new DatabaseSync(join(stateDir, 'state.db'));
  try {
    return database.prepare(query).all() as Row[];
  } finally {
    database.close();
  }
}
