import type { JSONRPCMessage } from '../protocol/json-rpc.ts';
import { InMemoryTransport } from '../server/in-memory-transport.ts';

/** Sends what the other end would get over a wire: a copy by way of JSON, so that nothing is shared by accident. */
function copying(end: InMemoryTransport): InMemoryTransport {
  const send = end.send.bind(end);
  end.send = async (message, options) => send(JSON.parse(JSON.stringify(message)) as JSONRPCMessage, options);
  return end;
}

/** The two ends of a channel within this process, the client's first. */
export function memoryPair(): [InMemoryTransport, InMemoryTransport] {
  const [client, server] = InMemoryTransport.createLinkedPair();
  return [copying(client), copying(server)];
}
