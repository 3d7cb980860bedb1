/** A server of another maker, in a process of its own. */
import { type AddressInfo, connect, createServer } from 'node:net';
import { resolve } from 'node:path';
import { CommandProcess } from '../../cli/command-process.ts';
import type { Running } from './running.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Some need seconds on a busy machine, none of them minutes. */
const MAX_TRIES = 1_200;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return port;
}

function isListening(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** @param file below the root of the checkout; it takes the port as its argument, or from MCP_PORT */
export async function peerProcess(file: string): Promise<Running> {
  const port = await freePort();
  const command = ['/usr/bin/env', `MCP_PORT=${port}`, process.execPath, resolve(ROOT, file), String(port)];
  const peer = new CommandProcess(command);
  const close = () => peer[Symbol.asyncDispose]();
  for (let tries = 0; tries < MAX_TRIES && peer.child.exitCode === null; tries++) {
    if (await isListening(port)) {
      return { url: `http://127.0.0.1:${port}/mcp`, doctor: { allowPrivate: true }, requests: [], close };
    }
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  await close();
  throw new Error(`${file} does not listen: ${peer.stdout}${peer.stderr}`);
}
