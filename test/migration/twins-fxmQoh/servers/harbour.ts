/** A server on stdio: lines over a pair of streams, with the entry that decides the era of each connection. */

import { PassThrough } from 'node:stream';
import { McpServer, ReadBuffer, serializeMessage, type Transport } from 'slipway';
import {
  type ServeStdioOptions,
  type StdioServerHandle,
  StdioServerTransport,
  serveStdio,
} from 'slipway';
import { z } from 'zod';

const eras: string[] = [];
const errors: string[] = [];
let options: ServeStdioOptions = {};
let handle: StdioServerHandle | undefined;
let latest: McpServer | undefined;

function build(era: string): McpServer {
  eras.push(era);
  const server = new McpServer(
    { name: 'harbour', version: '1.0.0' },
    { capabilities: { logging: {}, resources: { subscribe: true } }, instructions: 'Moor here.' },
  );
  server.registerTool('moor', { inputSchema: z.object({ ship: z.string() }) }, async ({ ship }, ctx) => {
    await ctx.mcpReq.log('info', `${ship} arrives`);
    return { content: [{ type: 'text', text: `${ship} is moored (${era})` }] };
  });
  server.registerResource('tide', 'tide://now', {}, async uri => ({ contents: [{ uri: uri.href, text: 'low' }] }));
  latest = server;
  return server;
}

/** The streams of a process that is started by its client, with the driver at their other ends. */
function streams(driver: Transport): StdioServerTransport {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const buffer = new ReadBuffer();
  driver.onmessage = message => void stdin.write(serializeMessage(message));
  stdout.on('data', (chunk: Buffer) => {
    buffer.append(chunk);
    for (let message = buffer.readMessage(); message !== null; message = buffer.readMessage())
      void driver.send(message);
  });
  return new StdioServerTransport(stdin, stdout, { maxBufferSize: 1_000_000 });
}

export async function connect(driver: Transport): Promise<void> {
  const onerror = (error: Error) => void errors.push(error.message);
  handle = serveStdio(({ era }) => build(era), { ...options, onerror, transport: streams(driver) });
  driver.onclose = () => void handle?.close();
  await driver.start();
}

export const actions = {
  eras: () => eras.splice(0),
  rejects: () => {
    options = { legacy: 'reject' };
  },
  bounded: () => {
    options = { maxSubscriptions: 1 };
  },
  change: () => latest?.sendToolListChanged(),
  update: () => {
    void latest?.server.sendResourceUpdated({ uri: 'tide://now' });
  },
  close: async () => {
    await handle?.close();
  },
};
