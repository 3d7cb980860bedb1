/** A server for a client in the same process: no port, no other process. */
import { memoryPair } from '../client/memory-transport.ts';
import type { AuthInfo } from '../protocol/auth-info.ts';
import { Connection } from '../server/connection.ts';
import { McpServer } from '../server/mcp-server.ts';
import type { Server } from '../server/server.ts';
import type { Transport } from '../server/transport.ts';
import type { McpServerFactory } from '../transport/http/served.ts';
import { startHooks, stopHooks } from './run-hooks.ts';
import { serveStdio } from './serve-stdio.ts';

export interface MemoryServing {
  /** The client's end. */
  readonly transport: Transport;
  /** Ends the connection: calls in flight are cancelled, then the stop hooks run. A second call waits for the first. */
  close(): Promise<void>;
}

/** Clients of each server: its hooks run with the first and the last of them. */
const clients = new WeakMap<Server, number>();

/** One more client than the server itself holds a connection for. */
async function connect(server: Server, wire: Transport): Promise<void> {
  if (server.connection === undefined) await server.connect(wire);
  else await new Connection(server, wire, () => {}).start();
}

async function open(server: Server, wire: Transport): Promise<() => Promise<void>> {
  const count = clients.get(server) ?? 0;
  clients.set(server, count + 1);
  const leave = async () => {
    const left = (clients.get(server) ?? 1) - 1;
    clients.set(server, left);
    await wire.close();
    if (left === 0) await stopHooks([...server.lifecycle.onStop].reverse(), server.logger);
  };
  try {
    if (count === 0) await startHooks(server.lifecycle.onStart, server.logger);
    await connect(server, wire);
  } catch (error) {
    await leave();
    throw error;
  }
  return leave;
}

/**
 * Serves one client in this process. Messages are copied by way of JSON, as on a wire. The start hooks of the server run
 * before its first client, the stop hooks after its last. Of a factory's servers, no hooks run, as everywhere.
 *
 * @param authInfo who the client is, for the server
 * @throws SlipwayError SLIP_HOOK_FAILED, SLIP_HOOK_TIMEOUT
 */
export async function serveInMemory(
  source: McpServer | Server | McpServerFactory,
  authInfo?: AuthInfo,
): Promise<MemoryServing> {
  const [client, wire] = memoryPair();
  if (authInfo !== undefined) {
    const send = client.send.bind(client);
    client.send = (message, options) => send(message, { ...options, authInfo });
  }
  let leave: () => Promise<void>;
  if (typeof source === 'function') {
    const handle = serveStdio(source, { transport: wire });
    leave = () => handle.close({ graceMs: 0 });
  } else leave = await open(source instanceof McpServer ? source.core : source, wire);
  let closing: Promise<void> | undefined;
  return { transport: client, close: () => (closing ??= leave()) };
}
