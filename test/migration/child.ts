/** The process that one server of this folder runs in: HTTP on a loopback port, in-memory messages over IPC. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { InMemoryTransport, type JSONRPCMessage } from '@modelcontextprotocol/server';
import type { Command, MigrationServer, Report } from './migration-server.ts';

const name = process.argv[2] ?? '';
const server: MigrationServer = await import(`./servers/${name}.ts`);

function report(message: Report): void {
  process.send?.(message);
}

let clientEnd: InMemoryTransport | undefined;

async function open(): Promise<void> {
  if (server.connect === undefined) throw new Error(`${name} does not connect`);
  const [near, far] = InMemoryTransport.createLinkedPair();
  near.onmessage = message => report({ op: 'message', message });
  near.onclose = () => report({ op: 'closed' });
  await server.connect(far);
  await near.start();
  clientEnd = near;
}

async function perform(command: Command): Promise<unknown> {
  switch (command.op) {
    case 'open':
      return open();
    case 'send':
      return clientEnd?.send(command.message as JSONRPCMessage);
    case 'hangUp':
      return clientEnd?.close();
    case 'action': {
      const action = server.actions?.[command.name];
      if (action === undefined) throw new Error(`${name} has no action ${command.name}`);
      return action(command.argument as never);
    }
  }
}

process.on('message', (message: { number: number; command: Command }) => {
  perform(message.command).then(
    value => report({ op: 'done', number: message.number, value: value ?? null }),
    (error: unknown) => report({ op: 'failed', number: message.number, reason: String(error) }),
  );
});
process.on('disconnect', () => process.exit());

const { handler } = server;
const listener = server.listener ?? (handler && toNodeHandler(handler));
if (listener === undefined) {
  report({ op: 'ready', port: 0 });
} else {
  const http = createServer((request, response) => void listener(request, response));
  http.listen(0, '127.0.0.1', () => report({ op: 'ready', port: (http.address() as AddressInfo).port }));
}
