// A server that answers, and never in MCP: no row may say why, and it is not called healthy for that.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FixtureAnswer } from './kit/fixture-request.ts';
import { healthyServer } from './kit/healthy-server.ts';
import { diagnose } from './kit/planted-fault.ts';

const ANSWERS: Readonly<Record<string, FixtureAnswer>> = {
  '403': { status: 403, body: 'Forbidden' },
  '500': { status: 500, body: 'Internal Server Error' },
  '502': { status: 502, headers: { 'Content-Type': 'text/html', Server: 'nginx' }, body: '<html>Bad Gateway</html>' },
  '429': { status: 429, headers: { 'Retry-After': '3600' }, body: '' },
};

describe('doctor, a server without MCP', () => {
  for (const [status, answer] of Object.entries(ANSWERS)) {
    test(`${status} for everything`, async () => {
      const running = await healthyServer({ fault: () => answer });
      const report = await diagnose(running);
      await running.close();
      assert.notEqual(report.verdict, 'healthy');
      const why = report.stages.find(({ state }) => state === 'blocked')?.why ?? '';
      assert.match(why, new RegExp(`not answered in MCP, but with ${status} `));
    });
  }

  test('a server with MCP is examined to its end', async () => {
    const running = await healthyServer();
    const report = await diagnose(running);
    await running.close();
    assert.equal(report.verdict, 'healthy');
    assert.ok(report.stages.every(({ state }) => state === 'examined'));
  });
});
