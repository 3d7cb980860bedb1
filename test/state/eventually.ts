import assert from 'node:assert/strict';

/** Waits until a condition holds, or fails. */
export async function eventually(condition: () => boolean | Promise<boolean>, withinMs = 5_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) assert.fail(`not within ${withinMs} ms: ${condition}`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
