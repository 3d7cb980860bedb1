/** Starts the target and talks to it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { PlantedFault } from './planted-fault.ts';

/** What the target says about itself, after a full garbage collection. */
export interface TargetMeasure {
  /** Bytes on the heap and in buffers. */
  readonly heldBytes: number;
  readonly rss: number;
  /** Connections that are still open. */
  readonly sockets: number;
  /** How many inputs reached dispatch. */
  readonly dispatched: number;
}

export interface TargetProcess {
  readonly port: number;
  /** Undefined when the process has ended. */
  measure(): Promise<TargetMeasure | undefined>;
  /** Why the process ended by itself, with the last lines it wrote; undefined while it lives. */
  ended(): string | undefined;
  stop(): Promise<void>;
}

const PATIENCE_MS = 20_000;

/** The next message of the target; undefined when it ended instead. */
async function message<T>(child: ChildProcess): Promise<T | undefined> {
  const timeout = AbortSignal.timeout(PATIENCE_MS);
  return Promise.race([
    once(child, 'message', { signal: timeout }).then(([value]) => value as T),
    once(child, 'exit', { signal: timeout }).then(() => undefined),
  ]);
}

export async function startTarget(fault?: PlantedFault): Promise<TargetProcess> {
  const script = fileURLToPath(new URL('./target.ts', import.meta.url));
  const child = fork(script, fault === undefined ? [] : [fault], {
    execArgv: ['--conditions=@slipway/source', '--expose-gc'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-4000);
  });
  const ready = await message<{ port: number }>(child);
  if (ready === undefined) throw new Error(`the target ended: ${log}`);
  let isStopping = false;
  return {
    port: ready.port,
    async measure() {
      if (!child.connected) return undefined;
      const answer = message<TargetMeasure>(child);
      child.send('measure');
      return answer;
    },
    ended() {
      if (isStopping || (child.exitCode === null && child.signalCode === null)) return undefined;
      return `${String(child.exitCode ?? child.signalCode)}: ${log}`;
    },
    async stop() {
      isStopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
