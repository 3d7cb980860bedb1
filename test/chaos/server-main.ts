/** A server process: started by server-process.ts, serves when it is told how, publishes if it is told to. */
import { serve } from 'slipway';
import { sqliteState } from '../../src/state/sqlite/state.ts';
import { ChaosServer } from './chaos-server.ts';
import type { Order, Report } from './server-process.ts';
import { withFault } from './state-fault.ts';

function tell(report: Report): void {
  process.send?.(report);
}

const chaos = new ChaosServer();
let close: (() => Promise<void>) | undefined;

async function begin({ port, stateDir, fault, publish }: Extract<Order, { kind: 'serve' }>): Promise<void> {
  // Nothing may be forgotten before it is compared.
  const store = sqliteState({ directory: stateDir, maxBusEntries: 1_000_000 });
  const state = fault === undefined ? store : withFault(store, fault);
  const running = await serve(chaos.mcp, { port, stateDir, state, retryMs: 20 });
  let number = 0;
  const tick = (): void => {
    number++;
    const data = { writer: process.pid, number };
    void state.bus.publish({ kind: 'log', params: { level: 'info', data } });
    if (number % 3 === 0) chaos.mcp.sendResourceUpdated({ uri: `tick://any/${(number / 3) % 50}` });
  };
  const timer = publish === undefined ? undefined : setInterval(tick, publish.everyMs);
  close = async () => {
    clearInterval(timer);
    if (publish !== undefined) await state.bus.publish({ kind: 'log', params: { level: 'info', data: publish.last } });
    await running.close({ graceMs: 3_000 });
    await store.close();
  };
  tell({ kind: 'serving', port: running.port });
}

process.on('message', (order: Order) => {
  if (order.kind === 'serve') begin(order).catch(error => tell({ kind: 'failed', why: String(error?.stack ?? error) }));
  else void close?.().then(() => process.disconnect?.());
});
// Its parent has ended: nobody is left to serve for.
process.on('disconnect', () => process.exit(0));
tell({ kind: 'ready' });
