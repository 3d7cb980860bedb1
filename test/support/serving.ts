import type { TestContext } from 'node:test';
import { type McpServer, type McpServerFactory, type RunningServer, type ServeOptions, serve } from 'slipway';

/** Serves on a free port until the test ends. */
export async function serving(
  t: TestContext,
  source: McpServer | McpServerFactory,
  options: ServeOptions = {},
): Promise<RunningServer> {
  const running = await serve(source, { port: 0, ...options });
  t.after(() => running.close({ graceMs: 0 }));
  return running;
}

/** Waits until something holds; fails after two seconds. */
export async function eventually(holds: () => boolean, what = 'the expected state'): Promise<void> {
  const end = performance.now() + 2000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${what} did not come about within 2 s`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
