/** What a new project says of itself. */

/**
 * @param key under which clients keep the server
 * @param image its name as an image
 */
export function readme(name: string, key: string, image: string): string {
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
- \`Dockerfile\`: \`docker build -t ${image} . && docker run -p 127.0.0.1:8087:8087 -v ${image}:/var/lib/${image} ${image}\`
- \`.slipway/\` (made by the server): sessions and keys. Not for version control.

## To the internet

\`npm start\` serves without reloading. From here to a service behind TLS on a machine of your own:

\`\`\`sh
npx slipway deploy machine --domain mcp.example.com --out deploy
\`\`\`

writes units of systemd and a site of nginx, and prints what to do with them. \`npx slipway deploy --help\` names the other
targets: Caddy, Docker, Kubernetes.
`;
}
