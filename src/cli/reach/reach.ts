/** A server that was named on the command line, with a client that is connected to it. */
import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { Client } from '../../client/client.ts';
import type { ClientOptions } from '../../client/client-options.ts';
import { shownAddress } from '../../client/server-address.ts';
import { StdioClientTransport } from '../../client/stdio-client-transport.ts';
import { StreamableHTTPClientTransport } from '../../client/streamable-http-client-transport.ts';
import { version } from '../../host/version.ts';
import { SlipwayError } from '../../protocol/coded-error.ts';
import { ProtocolError } from '../../protocol/protocol-error.ts';
import type { Transport } from '../../server/transport.ts';
import { note, type Output, openOutput } from './output.ts';
import type { ReachSettings } from './reach-flags.ts';
import { visibleLine } from './visible-text.ts';
import { wordsOf } from './words.ts';

/** Where a server is. */
export type Target =
  | { readonly kind: 'url'; readonly url: URL }
  | { readonly kind: 'file'; readonly file: string | undefined }
  | { readonly kind: 'command'; readonly words: readonly string[] };

export interface Reached {
  readonly client: Client;
  /** For people. */
  readonly place: string;
  readonly output: Output;
  /** Milliseconds for each answer. */
  readonly timeout: number;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

interface Way {
  readonly transport: Transport;
  readonly place: string;
  close(): Promise<void>;
}

/** Different ones, of one server. */
const MAX_COMPLAINTS = 20;

const HOST = /^(?:localhost|\[[\da-f:]+\]|[\w-]+(?:\.[\w-]+)+)(?::\d+)?(?:\/.*)?$/i;
const LOOPBACK = /^(?:localhost|127\.|\[::1\])/i;
const FILE = /\.[mc]?[jt]s$/;

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * What the argument names: a URL, or a server file.
 *
 * @param given undefined: a server file of the usual name
 * @throws SlipwayError `SLIP_CLI_TARGET`, `SLIP_CLI_USAGE`
 */
export function targetOf(given: string | undefined, { stdio }: Pick<ReachSettings, 'stdio'>): Target {
  if (stdio) {
    const words = given === undefined ? [] : wordsOf(given);
    if (words.length === 0)
      throw new SlipwayError('SLIP_CLI_USAGE', { why: '--stdio takes the command as its argument' });
    return { kind: 'command', words };
  }
  if (given === undefined) return { kind: 'file', file: undefined };
  if (/^https?:\/\//i.test(given)) {
    if (URL.canParse(given)) return { kind: 'url', url: new URL(given) };
    throw new SlipwayError('SLIP_CLI_TARGET', {
      target: 'the first argument',
      hint: ', although it begins like a URL',
    });
  }
  if (isThere(given) || FILE.test(given)) return { kind: 'file', file: given };
  const scheme = LOOPBACK.test(given) ? 'http' : 'https';
  const hint = HOST.test(given) && URL.canParse(`${scheme}://${given}`) ? ` (did you mean ${scheme}://${given} ?)` : '';
  throw new SlipwayError('SLIP_CLI_TARGET', { target: `'${given}'`, hint });
}

async function wayTo(target: Target, { headers }: ReachSettings): Promise<Way> {
  const refused = Object.keys(headers).find(() => target.kind !== 'url');
  if (refused !== undefined) throw new SlipwayError('SLIP_CLI_USAGE', { why: 'Headers and tokens are for URLs only' });
  switch (target.kind) {
    case 'url': {
      const transport = new StreamableHTTPClientTransport(target.url, { headers });
      return { transport, place: shownAddress(target.url), close: () => transport.close() };
    }
    case 'command': {
      const [command = '', ...args] = target.words;
      const transport = new StdioClientTransport({ command, args, stderr: 'inherit' });
      return { transport, place: command, close: () => transport.close() };
    }
    case 'file': {
      const { findServerFile, loadServerFile } = await import('../../host/server-file.ts');
      const { serveInMemory } = await import('../../host/serve-in-memory.ts');
      const path = findServerFile(target.file);
      const { server } = await loadServerFile(path);
      return { ...(await serveInMemory(server)), place: relative('', path) };
    }
  }
}

/** What a server answers to a request of ours, in the words of the command line. */
function explained(error: unknown): unknown {
  if (!(error instanceof ProtocolError)) return error;
  const why = visibleLine(error.message) || 'it does not say why';
  return new SlipwayError('SLIP_SERVER_REFUSED', { why, code: error.code }, { cause: error });
}

/** Ctrl-C takes the request back; a second one ends the process at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort(new SlipwayError('SLIP_CLI_INTERRUPTED')));
  return controller.signal;
}

/** A server file may hold timers or connections of its own. */
async function end(target: Target, error: unknown): Promise<void> {
  if (error instanceof SlipwayError && error.code === 'SLIP_CLI_INTERRUPTED') process.exit(130);
  if (error !== undefined) throw error;
  if (target.kind === 'file') process.exit();
}

/**
 * Connects to a server, does something with it and disconnects.
 *
 * @throws SlipwayError `SLIP_SERVER_*`, `SLIP_CLI_*`; whatever `use` throws
 */
export async function reach(
  target: Target,
  settings: ReachSettings,
  clientOptions: ClientOptions,
  use: (reached: Reached) => Promise<void>,
): Promise<void> {
  const output = openOutput(target.kind === 'file');
  const options = { timeout: settings.timeoutMs, signal: interruption() };
  // A server that writes what is no message may do so with every line.
  const complaints = new Set<string>();
  let failure: unknown;
  let way: Way | undefined;
  const client = new Client(
    { name: 'slipway', version: version() },
    {
      protocolVersion: settings.revision,
      onerror: error => {
        // The end of the connection is told by what fails for it.
        const told = error instanceof SlipwayError && error.code === 'SLIP_SERVER_CLOSED';
        if (told || complaints.has(error.message) || complaints.size >= MAX_COMPLAINTS) return;
        complaints.add(error.message);
        note(`slipway: ${visibleLine(error.message)}`);
      },
      ...clientOptions,
    },
  );
  try {
    way = await wayTo(target, settings);
    await client.connect(way.transport, options);
    await use({ client, place: way.place, output, ...options });
  } catch (error) {
    failure = explained(error);
  }
  await client.close();
  await way?.close();
  await end(target, failure);
}
