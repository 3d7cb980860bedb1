/** A server with its admin port, over real sockets, until the test ends. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { McpServer, ServeOptions } from 'slipway';
import { serving } from '../support/serving.ts';

export interface WatchedServer {
  readonly url: string;
  /** Of the admin port. */
  readonly adminUrl: string;
  /** What `/metrics` says. */
  scrape(): Promise<string>;
}

const say = (): void => {};
/** Errors are planted here. */
const QUIET = { debug: say, info: say, warn: say, error: say };

export async function watchedServer(
  t: TestContext,
  server: McpServer,
  options: ServeOptions = {},
): Promise<WatchedServer> {
  const running = await serving(t, server, { adminPort: 0, logger: QUIET, ...options });
  const { admin } = running.sight;
  assert.ok(admin);
  const scrape = async (): Promise<string> => (await fetch(`${admin.url}/metrics`)).text();
  return { url: running.url, adminUrl: admin.url, scrape };
}

/** The lines of one metric, by their labels. */
export function samplesOf(text: string, name: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, found, labels = '', value] = /^([\w:]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (found === name) samples.set(labels, Number(value));
  }
  return samples;
}

/** Every metric name in a scrape. */
export function namesIn(text: string): Set<string> {
  return new Set(text.split('\n').flatMap(line => /^([a-zA-Z_:][\w:]*)[{ ]/.exec(line)?.slice(1, 2) ?? []));
}
