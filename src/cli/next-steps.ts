import { relative } from 'node:path';
import type { RunningServer } from '../host/serve.ts';
import { PublicUrl } from '../transport/http/public-url.ts';
import { clientKey } from './client-key.ts';

/** Addresses that only mean "every interface": a server listens on them, no client can go there. */
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

export interface StartedPlace {
  /** Where sessions are kept; undefined when they end with the process. */
  readonly stateDir?: string | undefined;
  /** Where clients reach it, when that is not where it listens. */
  readonly publicUrl?: string | undefined;
  /** Of the operator's port, where there is one. */
  readonly adminUrl?: string | undefined;
}

/**
 * What `slipway start` prints once it listens: the address, and for each client the exact next step to connect it.
 *
 * @param name the server's name, as in its implementation info
 */
export function nextSteps(
  name: string,
  running: Pick<RunningServer, 'url' | 'host' | 'port'>,
  { stateDir, publicUrl, adminUrl }: StartedPlace = {},
): string {
  const everywhere = ANY_ADDRESS.has(running.host);
  const local = everywhere ? `http://127.0.0.1:${running.port}/mcp` : running.url;
  const published = publicUrl === undefined ? undefined : publishedUrl(publicUrl);
  const url = published ?? local;
  const key = clientKey(name);
  const kept =
    stateDir === undefined ? '' : ` Sessions survive that: they are kept in ${relative('', stateDir) || '.'}.`;
  const lines = [
    `${name} listens on ${local}${everywhere ? ' and on every network interface' : ''}`,
    ...(published === undefined ? [] : [`Clients reach it at ${published}`]),
    ...(adminUrl === undefined ? [] : [`Metrics and health are on ${adminUrl}/metrics, /healthz and /readyz`]),
    `Ctrl-C stops it.${kept}`,
  ];
  return `${lines.join('\n')}

Connect
  Claude Code  claude mcp add --transport http ${key} ${url}
  VS Code      code --add-mcp '${JSON.stringify({ name: key, type: 'http', url })}'
               or in .vscode/mcp.json: ${JSON.stringify({ servers: { [key]: { type: 'http', url } } })}
  Cursor       in .cursor/mcp.json: ${JSON.stringify({ mcpServers: { [key]: { url } } })}
${claudeSteps(local, published)}`;
}

/** Every path answers MCP; where the operator names none, clients get the usual one. */
function publishedUrl(text: string): string {
  const { href, origin } = new PublicUrl(text);
  return href === origin ? `${href}/mcp` : href;
}

function claudeSteps(local: string, published: string | undefined): string {
  const { origin, host } = new URL(local);
  const connectors = 'Settings > Connectors > Add custom connector';
  if (published?.startsWith('https:')) return `  Claude       ${connectors} > ${published}\n`;
  return `  Claude       claude.ai and Claude Desktop reach public https addresses only. Give this port one, for example with
                 cloudflared tunnel --url ${origin} --http-host-header ${host}
               then in Claude: ${connectors} > https://YOUR-HOST/mcp
`;
}
