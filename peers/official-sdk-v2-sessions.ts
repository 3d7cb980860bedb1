/**
 * The official SDK v2 with sessions: its Node transport for Streamable HTTP, one transport and one server per session. It
 * is the entry for whoever comes from v1. usage: node official-sdk-v2-sessions.ts PORT
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { isInitializeRequest, McpServer } from '@modelcontextprotocol/server';
import { FILLERS, fillerInput, hello, helloInput, portArgument } from './twenty-tools.ts';

const port = portArgument();

function makeServer(): McpServer {
  const server = new McpServer({ name: 'official-sdk-v2-sessions', version: '1.0.0' });
  server.registerTool('hello', { description: 'Greets by name', inputSchema: helloInput }, async ({ name }) => ({
    content: [{ type: 'text', text: hello(name) }],
  }));
  for (const filler of FILLERS) {
    server.registerTool(filler, { description: 'Stands in the table', inputSchema: fillerInput }, async () => ({
      content: [{ type: 'text', text: filler }],
    }));
  }
  return server;
}

const transports = new Map<string, NodeStreamableHTTPServerTransport>();

async function newSession(): Promise<NodeStreamableHTTPServerTransport> {
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: id => void transports.set(id, transport),
  });
  transport.onclose = () => {
    if (transport.sessionId !== undefined) transports.delete(transport.sessionId);
  };
  await makeServer().connect(transport);
  return transport;
}

function refuse(response: ServerResponse, status: number, code: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

createServer(async (request, response) => {
  if (request.url !== '/mcp') return refuse(response, 404, -32000, 'Not Found');
  const body = await bodyOf(request);
  const id = request.headers['mcp-session-id'];
  if (typeof id === 'string') {
    const transport = transports.get(id);
    if (transport === undefined) return refuse(response, 404, -32001, 'Session not found');
    return transport.handleRequest(request, response, body);
  }
  if (!isInitializeRequest(body)) return refuse(response, 400, -32000, 'Bad Request: No valid session ID provided');
  return (await newSession()).handleRequest(request, response, body);
}).listen(port, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${port}/mcp`));
