/** What a server holds, as its `/metrics` say it to whoever watches it in production. */
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Gauges {
  /** Calls in flight, bodies on their way in, streams. */
  readonly open: number;
  readonly connections: number;
  /** Lines of the logs that could not be written, since the start. */
  readonly linesLost: number;
}

const OPEN = ['slipway_requests_in_flight', 'slipway_requests_reading', 'slipway_streams_open'];

/** The values of a metric, over all its labels. */
function sumOf(text: string, name: string): number {
  const lines = text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'));
  const values = [...lines].map(([, value]) => Number(value));
  if (values.length === 0) throw new Error(`/metrics has no ${name}`);
  return values.reduce((sum, value) => sum + value);
}

/** Over a connection of its own: a kept one would be one more thing that the server holds. */
function read(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, async response => {
      let text = '';
      for await (const piece of response.setEncoding('utf8')) text += piece as string;
      resolve(text);
    }).on('error', reject);
  });
}

export async function gaugesOf(adminUrl: string): Promise<Gauges> {
  const text = await read(`${adminUrl}/metrics`);
  // The server closes the connection a moment after its client has seen the end.
  await sleep(20);
  return {
    open: OPEN.reduce((sum, name) => sum + sumOf(text, name), 0),
    connections: sumOf(text, 'slipway_connections_open'),
    linesLost: sumOf(text, 'slipway_lines_lost_total'),
  };
}
