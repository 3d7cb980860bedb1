import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The everything server in a process of its own. */
export interface FixtureProcess {
  url: string;
  /** What the process has written to stderr so far. */
  log(): string;
  /** Set once the process has ended by itself. */
  ended(): string | undefined;
  stop(): Promise<void>;
}

/**
 * Starts serve.ts on a free port and resolves when it has printed its URL; rejects when it ends or stays silent first.
 *
 * @param args of serve.ts
 */
export async function startFixture(args: readonly string[]): Promise<FixtureProcess> {
  const script = fileURLToPath(new URL('./serve.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@slipway/source', script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    // The last part is enough to explain a failure.
    log = (log + text).slice(-20_000);
  });

  const lines = createInterface({ input: child.stdout });
  const url = await Promise.race([
    once(lines, 'line', { signal: AbortSignal.timeout(15_000) }).then(([line]) => String(line)),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the fixture ended with code ${String(code)} before it served:\n${log}`);
    }),
  ]).catch(async (error: unknown) => {
    await stop(child);
    throw error;
  });
  lines.on('line', () => {});
  return {
    url,
    log: () => log,
    ended: () =>
      child.exitCode === null && child.signalCode === null
        ? undefined
        : `the fixture ended by itself (${String(child.exitCode ?? child.signalCode)})`,
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await exited;
  clearTimeout(kill);
}
