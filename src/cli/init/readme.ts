/** What a new project says of itself. */

/** @param key under which clients keep the server */
export function readme(name: string, key: string): string {
  return `# ${name}

An MCP server, served by [Slipway](https://www.npmjs.com/package/slipway).

\`\`\`sh
npm install
npm run dev         # serves server.ts on http://127.0.0.1:8087/mcp, and again whenever you save it
npm test            # calls the tools in memory
npm run typecheck
\`\`\`

Call a tool from the shell:

\`\`\`sh
npx slipway call http://127.0.0.1:8087/mcp add a=1 b=2
\`\`\`

Connect Claude Code while the server runs:

\`\`\`sh
claude mcp add --transport http ${key} http://127.0.0.1:8087/mcp
\`\`\`

## Files

- \`server.ts\`: the server. Add tools, resources and prompts there; its default export is what is served.
- \`server.test.ts\`: a client in memory calls the server.
- \`Dockerfile\`: \`docker build -t ${key} . && docker run -p 8087:8087 -v ${key}-state:/state ${key}\`
- \`.slipway/\` (made by the server): sessions and keys. Not for version control.

## To the internet

\`npm start\` serves without reloading. Behind TLS on a machine of your own:

\`\`\`sh
npx slipway deploy nginx --domain mcp.example.com
npx slipway deploy systemd --domain mcp.example.com
\`\`\`

Each file says in its comments how to install it; \`npx slipway deploy --help\` names the other targets.
`;
}
