/** The server process of the soak: started by server-process.ts, serves until it is told to close. */
import { setTimeout as sleep } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import { Leaks } from './planted-leak.ts';
import { startProduction } from './production.ts';
import type { ServerAnswer, ServerMeasure, ServerOrder, ServerQuestion } from './server-messages.ts';
import { soakServer } from './soak-server.ts';

const order = JSON.parse(process.argv[2] ?? '') as ServerOrder;
const gc = globalThis.gc as NonNullable<typeof globalThis.gc>;

const production = await startProduction(soakServer(new Leaks(order.plant)), order);

/** Objects with finalizers need a turn of the event loop and another round. */
async function settle(): Promise<void> {
  let before = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 10; round++) {
    await gc({ execution: 'async', type: 'major' });
    await sleep(50);
    const { heapUsed } = process.memoryUsage();
    if (heapUsed > before * 0.999) return;
    before = heapUsed;
  }
}

async function measure(settled: boolean): Promise<ServerMeasure> {
  if (settled) await settle();
  gc({ execution: 'sync', type: 'major' });
  const { external, rss } = process.memoryUsage();
  const data = getHeapSpaceStatistics().filter(
    ({ space_name }) => !/^(code|trusted|read_only)|_code_|_trusted_/.test(space_name),
  );
  const heap = data.reduce((sum, { space_used_size }) => sum + space_used_size, 0);
  const handles = process.getActiveResourcesInfo().length;
  return { heap, external, rss, handles };
}

function tell(answer: ServerAnswer): void {
  process.send?.(answer);
}

process.on('message', async (question: ServerQuestion) => {
  if (question.ask === 'measure') return tell({ kind: 'measure', measure: await measure(question.settled) });
  if (question.ask === 'reopen') {
    await production.reopen();
    return tell({ kind: 'reopened' });
  }
  await production.close();
  tell({ kind: 'closed' });
  process.disconnect?.();
});
// Whoever started it has ended.
process.on('disconnect', () => setTimeout(() => process.exit(1), 5_000).unref());
tell({ kind: 'serving', port: production.port, adminUrl: production.adminUrl });
