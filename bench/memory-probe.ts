/**
 * The side channel between the bench and a server it measures for memory: messages over the IPC channel of the child
 * process, so that asking for the memory costs the HTTP path nothing. The server runs with --expose-gc.
 */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export type Probe = 'memory' | 'publish';
export type ProbeAnswer = { rss: number; heapUsed: number };

/** Called by the measured server; `publish` is what it does when the bench wants one event sent to all. */
export function answerProbes(publish: () => void): void {
  process.on('message', (probe: Probe) => {
    if (probe === 'publish') {
      publish();
      process.send?.({ rss: 0, heapUsed: 0 } satisfies ProbeAnswer);
      return;
    }
    void settledMemory().then(answer => process.send?.(answer));
  });
}

/** Collects until the heap stops shrinking (at most ten rounds), then reads the resident size. */
async function settledMemory(): Promise<ProbeAnswer> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('run the measured server with --expose-gc');
  let previous = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 10; round++) {
    await gc({ execution: 'async', type: 'major' });
    await sleep(50);
    const { heapUsed } = process.memoryUsage();
    if (heapUsed > previous * 0.995) break;
    previous = heapUsed;
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed };
}

/** Called by the bench: sends one probe and waits for its answer, at most a minute. */
export function probe(child: ChildProcess, question: Probe): Promise<ProbeAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not answer the probe "${question}"`)), 60_000);
    child.once('message', answer => {
      clearTimeout(timer);
      resolve(answer as ProbeAnswer);
    });
    child.send(question);
  });
}
