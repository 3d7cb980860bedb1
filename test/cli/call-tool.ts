/** `tools/call` as curl would send it, in either era. */
const MODERN = '2026-07-28';

export interface ToolAnswer {
  status: number;
  contentType: string | null;
  text: string;
}

function textOf(body: string, contentType: string | null): string {
  // The last event of a stream carries the response.
  const json = contentType?.startsWith('text/event-stream')
    ? body
        .split('\n')
        .findLast(line => line.startsWith('data: {'))!
        .slice('data: '.length)
    : body;
  const { result } = JSON.parse(json) as { result?: { content?: { text?: string }[] } };
  return result?.content?.[0]?.text ?? '';
}

export async function callTool(url: string, era: 'modern' | 'legacy', name: string, args = {}): Promise<ToolAnswer> {
  const modern = era === 'modern';
  const meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': modern ? MODERN : '2025-11-25',
      ...(modern ? { 'mcp-method': 'tools/call', 'mcp-name': name } : {}),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { ...(modern ? { _meta: meta } : {}), name, arguments: args },
    }),
  });
  const contentType = response.headers.get('content-type');
  return { status: response.status, contentType, text: textOf(await response.text(), contentType) };
}
