import type { Front } from './front.ts';

const language = 'python';

export const pythonSdk: Front = {
  name: 'MCP Python SDK or FastMCP',
  // What refuses a request before it is one has this for its id.
  recognise: (_, body) => /"id":"server-error"/.test(body),
  snippets: [
    {
      rows: [32],
      language,
      text: `class LenientAccept:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            rest = [(name, value) for name, value in scope["headers"] if name != b"accept"]
            scope = {**scope, "headers": [*rest, (b"accept", b"application/json, text/event-stream")]}
        await self.app(scope, receive, send)


app = LenientAccept(mcp.streamable_http_app())  # FastMCP: mcp.http_app()`,
    },
    {
      rows: [42, 43, 44, 45],
      language,
      text: `# No sessions. FastMCP: mcp.http_app(stateless_http=True)
mcp = FastMCP("example", stateless_http=True)`,
    },
  ],
};
