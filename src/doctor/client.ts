/** The clients that the doctor speaks of. `claude` is the hosted runtime of web, Desktop, mobile and Cowork. */
export const CLIENTS = ['claude', 'claude-code', 'chatgpt', 'cursor', 'vscode', 'inspector'] as const;

export type Client = (typeof CLIENTS)[number];

export const CLIENT_NAMES: Readonly<Record<Client, string>> = {
  claude: 'Claude',
  'claude-code': 'Claude Code',
  chatgpt: 'ChatGPT',
  cursor: 'Cursor',
  vscode: 'VS Code',
  inspector: 'MCP Inspector',
};
