/** Where a server listens, as far as the text needs it. */
interface Place {
  readonly host: string;
  readonly port: number;
}

const ANY_ADDRESS = new Set(['0.0.0.0', '::', '']);

/** What a client on this machine enters: an address that only means "every interface" is no destination. */
function localUrl({ host, port }: Place): string {
  const reachable = ANY_ADDRESS.has(host) ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}/mcp`;
}

/** Clients keep the server under a key of their own; letters, digits, dashes and underscores suit all of them. */
function keyOf(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '') || 'my-server';
}

/**
 * What `slipway start` prints once it listens: the address, and for each client the exact next step to connect it.
 *
 * @param name the server's name, as in its implementation info
 */
export function nextSteps(name: string, place: Place): string {
  const url = localUrl(place);
  const key = keyOf(name);
  const reach = ANY_ADDRESS.has(place.host) ? ' (on every network interface)' : '';
  const origin = new URL(url).origin;
  return `${name} listens on ${url}${reach}
Ctrl-C stops it.

Connect
  Claude Code  claude mcp add --transport http ${key} ${url}
  VS Code      code --add-mcp '${JSON.stringify({ name: key, type: 'http', url })}'
               or in .vscode/mcp.json: ${JSON.stringify({ servers: { [key]: { type: 'http', url } } })}
  Cursor       in .cursor/mcp.json: ${JSON.stringify({ mcpServers: { [key]: { url } } })}
  Claude       claude.ai and Claude Desktop reach public https addresses only. Give this port one, for example with
                 cloudflared tunnel --url ${origin} --http-host-header ${new URL(url).host}
               then in Claude: Settings > Connectors > Add custom connector > https://YOUR-HOST/mcp
`;
}
