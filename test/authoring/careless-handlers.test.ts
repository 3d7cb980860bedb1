// A handler that does not wait for its question, or does not give up, costs nobody but its own caller anything.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ask, askLegacy } from '../support/mcp-post.ts';
import { freshId, SessionClient } from '../support/session-client.ts';
import { EVERYTHING } from './linear-eras.ts';

const PROGRAM = fileURLToPath(new URL('./fixtures/careless-server.ts', import.meta.url));

/** The handlers in a process of its own, since it may end or stand still. */
async function careless(t: TestContext): Promise<string> {
  const child = spawn(process.execPath, ['--conditions=@slipway/source', PROGRAM], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data', { signal: AbortSignal.timeout(5000) });
  return String(line).trim();
}

/** In time or not at all. */
const within = (ms: number) => ({ id: freshId(), signal: AbortSignal.timeout(ms) });

/** Each caller's own end is of no interest here. */
const ignore = (): undefined => undefined;

type Call = (url: string, name: string) => Promise<unknown>;

const CALLERS: Record<string, Call> = {
  'without a session': (url, name) => askLegacy(url, 'tools/call', { name }, within(400)),
  async 'in a session'(url, name) {
    const client = await SessionClient.begin(url, { capabilities: { elicitation: {}, sampling: {} } });
    return client.call(name, {}, { signal: AbortSignal.timeout(400) });
  },
  '2026-07-28': (url, name) => ask(url, 'tools/call', { name }, { ...within(400), capabilities: EVERYTHING }),
  '2026-07-28 without capabilities': (url, name) => ask(url, 'tools/call', { name }, within(400)),
};

const NAMES = [
  'elicit and go',
  'sample and go',
  'step and go',
  'wait for the chain later',
  'wait for the end of the chain later',
  'a step without a text',
  'a step with a hostile error',
  'a reason without a text',
  'ask again and again',
  'sample again and again',
  'ask in a step again and again',
  'ask again and again after the end',
  'ask again and again after the end of a linear handler',
];

for (const [caller, call] of Object.entries(CALLERS)) {
  test(`${caller}: others are served as ever`, { timeout: 60_000 }, async t => {
    let url = await careless(t);
    for (const name of NAMES) {
      await t.test(name, async () => {
        await call(url, name.replaceAll(' ', '_')).catch(ignore);
        await new Promise(resolve => setTimeout(resolve, 60));
        const served = await askLegacy(url, 'tools/call', { name: 'fine' }, within(1000)).catch(error => error.message);
        if (served?.result === undefined) url = await careless(t);
        assert.equal(served?.result?.content[0].text, 'fine', String(served));
      });
    }
  });
}
