import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server';

/** The messages of JSON-RPC that matter here. */
interface Answer {
  id?: number;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** Sends one request to an official SDK server over memory and hands back the raw result. */
export async function askSdkServer(
  register: (server: McpServer) => void,
  request: { method: string; params?: Record<string, unknown> },
): Promise<Record<string, unknown>> {
  const server = new McpServer({ name: 'oracle', version: '1.0.0' });
  register(server);
  const [client, serverSide] = InMemoryTransport.createLinkedPair();
  const waiting = new Map<number, (answer: Answer) => void>();
  client.onmessage = message => {
    const answer = JSON.parse(JSON.stringify(message)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  };
  await server.connect(serverSide);
  await client.start();
  const ask = async (id: number, method: string, params: Record<string, unknown> = {}) => {
    const answered = new Promise<Answer>(resolve => waiting.set(id, resolve));
    await client.send({ jsonrpc: '2.0', id, method, params });
    const answer = await answered;
    if (answer.result === undefined) throw new Error(answer.error?.message);
    return answer.result;
  };
  await ask(0, 'initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1.0.0' },
  });
  const result = await ask(1, request.method, request.params);
  await server.close();
  return result;
}
