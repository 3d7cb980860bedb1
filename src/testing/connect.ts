import { Client } from '../client/client.ts';
import type { ClientOptions } from '../client/client-options.ts';
import { StdioClientTransport, type StdioCommand } from '../client/stdio-client-transport.ts';
import { StreamableHTTPClientTransport } from '../client/streamable-http-client-transport.ts';
import { type MemoryServing, serveInMemory } from '../host/serve-in-memory.ts';
import { version } from '../host/version.ts';
import type { AuthInfo } from '../protocol/auth-info.ts';
import type { Implementation } from '../protocol/implementation.ts';
import type { McpServer } from '../server/mcp-server.ts';
import type { Server } from '../server/server.ts';
import type { McpServerFactory } from '../transport/http/served.ts';
import { type Elicit, handlerOf } from './elicitation.ts';
import { TestClient } from './test-client.ts';

/** A command that serves over stdio. */
export type CommandTarget = StdioCommand;

/** A server in this process, the URL of one, or the command that starts one. */
export type Target = McpServer | Server | McpServerFactory | string | URL | CommandTarget;

export interface ConnectOptions extends Omit<ClientOptions, 'elicit' | 'onnotification'> {
  /** Answers questions to the user; without it, the server is told that nobody can be asked. */
  elicit?: Elicit;
  /** Who the client is, for a server in this process. */
  authInfo?: AuthInfo;
  /** Headers of every request, for a URL. */
  headers?: Readonly<Record<string, string>>;
  clientInfo?: Implementation;
}

function clientFor({ elicit, authInfo: _, headers: __, clientInfo, ...options }: ConnectOptions): {
  client: Client;
  heard: (test: TestClient) => void;
} {
  let test: TestClient | undefined;
  const client = new Client(clientInfo ?? { name: 'slipway-testing', version: version() }, {
    // In the modern era a server logs to those only who ask for it.
    logLevel: 'debug',
    ...options,
    ...(elicit !== undefined && { elicit: handlerOf(elicit, thrown => test?.fail(thrown)) }),
    onnotification: notification => {
      if (notification.method === 'notifications/message') test?.logs.push(notification.params as never);
      else test?.notifications.push(notification);
    },
  });
  return {
    client,
    heard: made => {
      test = made;
    },
  };
}

function isCommand(target: Target): target is CommandTarget {
  return typeof target === 'object' && 'command' in target;
}

async function reach(target: Target, { authInfo, headers }: ConnectOptions): Promise<MemoryServing> {
  if (typeof target === 'string' || target instanceof URL) {
    const transport = new StreamableHTTPClientTransport(target, headers === undefined ? {} : { headers });
    return { transport, close: () => transport.close() };
  }
  if (isCommand(target)) {
    const transport = new StdioClientTransport(target);
    return { transport, close: () => transport.close() };
  }
  return serveInMemory(target, authInfo);
}

/**
 * Connects a client for tests. A server in this process is served in memory: its start hooks run before, its stop hooks
 * when the last client has left.
 *
 * @throws SlipwayError `SLIP_SERVER_*` when it can not be reached, `SLIP_HOOK_*` when it does not start
 * @example
 * await using client = await connect(server);
 * const result = await client.callTool('add', { a: 1, b: 2 });
 * assert.equal(result.text, '3');
 */
export async function connect(target: Target, options: ConnectOptions = {}): Promise<TestClient> {
  const { client, heard } = clientFor(options);
  const serving = await reach(target, options);
  const close = async () => {
    await client.close();
    await serving.close();
  };
  const test = new TestClient(client, close);
  heard(test);
  try {
    await client.connect(serving.transport);
  } catch (error) {
    await close();
    throw error;
  }
  return test;
}
