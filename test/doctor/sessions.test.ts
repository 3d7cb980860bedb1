// What the doctor leaves of sessions: nothing, whichever request they came with, and never at the price of its time.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Fault, FixtureRequest } from './kit/fixture-request.ts';
import { healthyServer } from './kit/healthy-server.ts';
import { diagnose } from './kit/planted-fault.ts';

/** A server that gives a session to each initialize, and knows which of them were ended, and where. */
function sessionful(onDelete?: (request: FixtureRequest) => ReturnType<Fault>) {
  const open = new Map<string, string>();
  let given = 0;
  const fault: Fault = async (request, healthy) => {
    const { method, message, headers, url } = request;
    const id = headers['mcp-session-id'];
    if (method === 'DELETE' && typeof id === 'string') {
      const other = onDelete?.(request);
      if (other !== undefined) return other;
      const known = open.get(id) === url.pathname && open.delete(id);
      return { status: known ? 204 : 404 };
    }
    const answer = await healthy();
    if (message?.method !== 'initialize') return answer;
    given++;
    const made = randomUUID();
    open.set(made, url.pathname);
    return { ...answer, headers: { ...answer.headers, 'Mcp-Session-Id': made } };
  };
  return { fault, open, given: () => given };
}

describe('sessions that the doctor begins', () => {
  test('each is ended, once, where it was begun', async () => {
    const { fault, open, given } = sessionful();
    const server = await healthyServer({ fault });
    try {
      await diagnose(server);
      assert.ok(given() > 4, `only ${given()} sessions`);
      assert.deepEqual([...open], []);
      const ended = server.requests.filter(({ method }) => method === 'DELETE');
      const ids = ended.map(({ headers }) => headers['mcp-session-id']);
      assert.equal(new Set(ids).size, ids.length, 'one session was ended twice');
    } finally {
      await server.close();
    }
  });

  test('a server that never answers DELETE holds nothing up but for one time-out', async () => {
    const { fault } = sessionful(() => new Promise(() => {}));
    const server = await healthyServer({ fault });
    try {
      const report = await diagnose(server, { limits: { exchangeMs: 700 } });
      assert.equal(report.verdict, 'healthy');
      const asked = server.requests.filter(({ method }) => method === 'DELETE');
      assert.ok(asked.length > 0 && asked.length <= 12, `${asked.length} DELETE requests`);
    } finally {
      await server.close();
    }
  });
});
