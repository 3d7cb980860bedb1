import type { Command } from './command.ts';

/** Claude Desktop starts the server in a folder of its own choice, so every path is absolute. */
const CLAUDE_DESKTOP = `Claude Desktop, in claude_desktop_config.json (Settings > Developer > Edit Config):
  {
    "mcpServers": {
      "weather": {
        "command": "npx",
        "args": ["--prefix", "/path/to/project", "slipway", "start", "--stdio", "/path/to/project/weather.ts"]
      }
    }
  }
`;

const start: Command = {
  name: 'start',
  summary: 'Serve the MCP server that a file exports as its default',
  argument: {
    name: 'server-file',
    summary: 'TypeScript or JavaScript file (default: server.ts, server.mts, server.js, server.mjs, also in src/)',
  },
  flags: [
    { name: 'port', value: 'number', summary: 'TCP port, 0 for any free one (default: 8087)' },
    { name: 'host', value: 'address', summary: 'address to listen on (default: 127.0.0.1)' },
    {
      name: 'state-dir',
      value: 'directory',
      summary: 'where sessions and keys outlive a restart (default: .slipway/state/<file>; none: nowhere)',
    },
    { name: 'http-sse', summary: 'serve clients of the 2024 transport too, on /sse and /messages' },
    { name: 'stdio', summary: 'serve the client that started this process, over standard input and output' },
    { name: 'response-mode', value: 'mode', summary: 'answer as auto, json or sse (default: auto)' },
  ],
  examples: [
    { line: 'slipway start', does: 'serve ./server.ts on http://127.0.0.1:8087' },
    { line: 'slipway start weather.ts --port 3000', does: 'another file, another port' },
    { line: 'slipway start --host 0.0.0.0', does: 'reachable from other machines' },
    { line: 'slipway start --state-dir /var/lib/mcp', does: 'several processes may share it' },
    { line: 'slipway start --stdio weather.ts', does: 'no port: Claude Desktop and others start it themselves' },
  ],
  note: CLAUDE_DESKTOP,
  run: async (file, values) =>
    values['stdio'] === undefined
      ? (await import('./start.ts')).start(file, values)
      : (await import('./start-stdio.ts')).startStdio(file, values),
};

export const COMMANDS: readonly Command[] = [start];
