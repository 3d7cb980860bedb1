/** Starts the servers under test: one process each, pinned to one core, on a free port of the loopback interface. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerTo, type Call } from './call.ts';

export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

/**
 * What to run: a file of bench/ or peers/ and its arguments, where `PORT` stands for the port it gets and `STATE_DIR` for
 * a folder of its own that is empty at first and removed when it stops.
 */
export type ServerSpec = { name: string; file: string; args: readonly string[] };

export type RunningServer = { name: string; url: string; port: number; process: ChildProcess; stop(): Promise<void> };

const root = resolve(import.meta.dirname, '..');

/** The command that runs `command` pinned to `core`. */
export function pinned(core: number, command: readonly string[]): [string, string[]] {
  return ['taskset', ['-c', String(core), ...command]];
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>(done => probe.listen(0, '127.0.0.1', done));
  const address = probe.address();
  await new Promise(done => probe.close(done));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** Resolves once the port accepts a connection. */
async function accepts(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

export type StartOptions = {
  /** The server is ready when it answers this as it should; absent: when it accepts a connection. */
  call?: Call;
  /** Opens the side channel of memory-probe.ts and lets the server collect garbage on demand. */
  probes?: boolean;
};

/** Starts a server and waits until it is ready, at most twenty seconds. */
export async function startServer(spec: ServerSpec, { call, probes = false }: StartOptions): Promise<RunningServer> {
  const port = await freePort();
  const folder = spec.args.includes('STATE_DIR') ? mkdtempSync(join(tmpdir(), 'slipway-bench-')) : undefined;
  const given: Record<string, string | undefined> = { PORT: String(port), STATE_DIR: folder };
  const args = spec.args.map(argument => given[argument] ?? argument);
  const node = [process.execPath, '--conditions=@slipway/source', ...(probes ? ['--expose-gc'] : [])];
  const [command, commandArgs] = pinned(SERVER_CORE, [...node, resolve(root, spec.file), ...args]);
  const child = spawn(command, commandArgs, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe', ...(probes ? (['ipc'] as const) : [])],
  });
  let stderr = '';
  child.stderr?.on('data', chunk => (stderr = (stderr + chunk).slice(-4000)));
  const exited = new Promise<void>(done => child.once('exit', () => done()));
  const stop = async () => {
    child.kill('SIGKILL');
    await exited;
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}/mcp`;
  const deadline = Date.now() + 20_000;
  for (;;) {
    if (child.exitCode !== null) {
      await stop();
      throw new Error(`${spec.name} stopped before it answered:\n${stderr}`);
    }
    const answer = await (call ? answerTo(call, url) : accepts(port)).catch((error: Error) => error);
    if (!(answer instanceof Error)) return { name: spec.name, url, port, process: child, stop };
    if (Date.now() > deadline) {
      await stop();
      throw new Error(`${spec.name} is not ready: ${answer.message}\n${stderr}`);
    }
    await sleep(50);
  }
}
