/** The tools of a server file, without serving it: no port, no hooks where that can be avoided. */
import { Client } from '../../client/client.ts';
import { serveInMemory } from '../../host/serve-in-memory.ts';
import type { LoadedServer } from '../../host/server-file.ts';
import { version } from '../../host/version.ts';
import { McpServer } from '../../server/mcp-server.ts';
import type { Server } from '../../server/server.ts';
import type { ToolLimitOptions } from '../../server/tool-limits.ts';
import { isMember, type JsonMember } from '../observations/rpc-answer.ts';

export interface OfferedTool {
  /** As lists show it. */
  readonly definition: JsonMember;
  /** Milliseconds that a call may take by the tool, its server or the deployment; undefined where none of them says. */
  readonly timeoutMs?: number | undefined;
  /** Characters that a result may have, by the same; undefined where none of them says. */
  readonly maxResultChars?: number | undefined;
  /** The source text of the handler; absent where the server answers `tools/list` by itself. */
  readonly code?: string;
}

export interface OfferedTools {
  readonly serverName: string;
  readonly tools: readonly OfferedTool[];
}

function plain(definition: object): JsonMember {
  const copy: unknown = JSON.parse(JSON.stringify(definition));
  return isMember(copy) ? copy : {};
}

/** What is registered, whoever may see it. */
function registered(server: McpServer, deployment: ToolLimitOptions): readonly OfferedTool[] {
  const { toolLimits } = server.core;
  toolLimits.use(deployment);
  return [...server.snapshot.tools.values()]
    .filter(({ enabled }) => enabled)
    .map(({ definition, timeout, maxResultChars, handler }) => ({
      definition: plain(definition),
      timeoutMs: timeout ?? toolLimits.timeoutMs,
      maxResultChars: maxResultChars ?? toolLimits.maxResultChars,
      code: Function.prototype.toString.call(handler),
    }));
}

/** A server that answers `tools/list` by itself has to be asked. */
async function listed(server: Server): Promise<readonly OfferedTool[]> {
  const { transport, close } = await serveInMemory(server);
  const client = new Client({ name: 'slipway-doctor', version: version() });
  try {
    await client.connect(transport);
    const { tools } = await client.listTools();
    return tools.map(definition => ({ definition: plain(definition) }));
  } finally {
    await client.close();
    await close();
  }
}

/**
 * The tools that a loaded server file offers. A factory is called once, as for a request that says nothing.
 *
 * @param deployment what holds where the server itself says nothing, as `slipway start` would have it
 * @throws what the factory throws, or the server when it is asked
 */
export async function offeredTools(
  { server, name }: LoadedServer,
  deployment: ToolLimitOptions = {},
): Promise<OfferedTools> {
  const made = typeof server === 'function' ? await server({ era: 'modern' }) : server;
  const tools = made instanceof McpServer ? registered(made, deployment) : await listed(made as Server);
  return { serverName: name, tools };
}
