import type { Front } from './front.ts';

const language = 'js';

export const typescriptSdk: Front = {
  name: 'MCP TypeScript SDK',
  // Its refusals have a code and words of their own; frameworks on top of it pass them on.
  recognise: (_, body) =>
    /"code":-32000,"message":"(Not Acceptable: Client must accept|Method not allowed\.|Bad Request: (Server not initialized|Mcp-Session-Id header is required|No valid session ID|Unsupported protocol version))/.test(
      body,
    ),
  snippets: [
    {
      rows: [19],
      language,
      text: `createMcpExpressApp({ host: '0.0.0.0', allowedHosts: ['mcp.example.com'] });`,
    },
    {
      rows: [30],
      language,
      text: `app.get('/mcp', (req, res) => res.status(405).set('Allow', 'POST, OPTIONS').end());`,
    },
    {
      rows: [32],
      language,
      text: `// Before the transport, which reads one or the other.
const BOTH = 'application/json, text/event-stream';
app.post('/mcp', (req, res, next) => {
  req.headers.accept = BOTH;
  const at = req.rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'accept');
  if (at < 0) req.rawHeaders.push('Accept', BOTH);
  else req.rawHeaders[at + 1] = BOTH;
  next();
});`,
    },
    {
      rows: [33, 37],
      language,
      text: `// @modelcontextprotocol/server (v2) speaks 2026-07-28. With v1, before the transport: a newer version is not named.
app.post('/mcp', (req, res, next) => {
  if (req.headers['mcp-protocol-version'] > '2025-11-25') {
    delete req.headers['mcp-protocol-version'];
    const at = req.rawHeaders.findIndex((name, index) => index % 2 === 0 && /^mcp-protocol-version$/i.test(name));
    req.rawHeaders.splice(at, 2);
  }
  next();
});`,
    },
    {
      rows: [42, 43, 44, 45],
      language,
      text: `// No sessions: a server and a transport for each request.
const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });`,
    },
  ],
};
