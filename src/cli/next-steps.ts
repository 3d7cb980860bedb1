import { relative } from 'node:path';
import type { RunningServer } from '../host/serve.ts';
import { clientKey } from './client-key.ts';

/** Addresses that only mean "every interface": a server listens on them, no client can go there. */
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/**
 * What `slipway start` prints once it listens: the address, and for each client the exact next step to connect it.
 *
 * @param name the server's name, as in its implementation info
 * @param stateDir where sessions are kept; undefined when they end with the process
 */
export function nextSteps(
  name: string,
  running: Pick<RunningServer, 'url' | 'host' | 'port'>,
  stateDir?: string,
): string {
  const everywhere = ANY_ADDRESS.has(running.host);
  const url = everywhere ? `http://127.0.0.1:${running.port}/mcp` : running.url;
  const key = clientKey(name);
  const { origin, host } = new URL(url);
  return `${name} listens on ${url}${everywhere ? ' and on every network interface' : ''}
Ctrl-C stops it.${stateDir === undefined ? '' : ` Sessions survive that: they are kept in ${relative('', stateDir) || '.'}.`}

Connect
  Claude Code  claude mcp add --transport http ${key} ${url}
  VS Code      code --add-mcp '${JSON.stringify({ name: key, type: 'http', url })}'
               or in .vscode/mcp.json: ${JSON.stringify({ servers: { [key]: { type: 'http', url } } })}
  Cursor       in .cursor/mcp.json: ${JSON.stringify({ mcpServers: { [key]: { url } } })}
  Claude       claude.ai and Claude Desktop reach public https addresses only. Give this port one, for example with
                 cloudflared tunnel --url ${origin} --http-host-header ${host}
               then in Claude: Settings > Connectors > Add custom connector > https://YOUR-HOST/mcp
`;
}
