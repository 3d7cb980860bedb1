import { type Front, headerMatches } from './front.ts';

const language = 'python';

export const starlette: Front = {
  name: 'Starlette',
  // Starlette itself leaves no trace; what it usually runs on does, and FastAPI's errors do.
  recognise: (headers, body) =>
    headerMatches(headers, 'server', /^(uvicorn|hypercorn)/i) ||
    /^\{"detail":"(Not Found|Method Not Allowed)"\}$/.test(body),
  snippets: [
    {
      rows: [7, 9],
      language,
      text: `# Mount("/mcp") answers 307 to /mcp/. At the root, both forms reach the handler.
Starlette(routes=[Mount("/", app=handle_mcp)], lifespan=lifespan)`,
    },
    {
      rows: [19],
      language,
      text: 'TransportSecuritySettings(allowed_hosts=["mcp.example.com"])',
    },
    {
      rows: [57],
      language,
      text: 'uvicorn.run(app, host="127.0.0.1", port=8087, proxy_headers=True, forwarded_allow_ips="127.0.0.1")',
    },
    {
      rows: [86, 87, 88, 89],
      language,
      text: `app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://claude.ai", "https://claude.com"],
    allow_methods=["GET", "POST", "DELETE"],
    allow_headers=["Content-Type", "Accept", "Authorization", "MCP-Protocol-Version", "Mcp-Method", "Mcp-Name",
                   "Mcp-Session-Id", "Last-Event-ID"],
    expose_headers=["WWW-Authenticate", "Mcp-Session-Id", "MCP-Protocol-Version", "Retry-After"],
)`,
    },
  ],
};
