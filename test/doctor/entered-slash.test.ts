// What is entered with a slash at its end: Claude asks for the URL without, other clients for the one that was entered.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Report } from '../../src/doctor/report.ts';
import type { Fault, FixtureAnswer, FixtureRequest } from './kit/fixture-request.ts';
import { healthyServer } from './kit/healthy-server.ts';
import { diagnose } from './kit/planted-fault.ts';

interface Seen {
  readonly report: Report;
  /** Paths of all POST requests, each once. */
  readonly posted: readonly string[];
}

async function seen(fault?: Fault): Promise<Seen> {
  const server = await healthyServer({ entered: '/mcp/', fault });
  try {
    const report = await diagnose(server, { clients: ['claude'] });
    const posts = server.requests.filter(({ method }) => method === 'POST');
    return { report, posted: [...new Set(posts.map(({ url }) => url.pathname))] };
  } finally {
    await server.close();
  }
}

function only(path: string, answer: (request: FixtureRequest) => FixtureAnswer): Fault {
  return request => (request.url.pathname === path ? answer(request) : undefined);
}

function effects({ findings }: Report) {
  return findings.map(({ row, effect }) => [row, effect]);
}

describe('a URL that was entered with a slash', () => {
  test('both forms are served: the bare one is examined, and the report names what was entered', async () => {
    const { report, posted } = await seen();
    assert.deepEqual([report.verdict, report.findings], ['healthy', []]);
    assert.match(report.url, /\/mcp\/$/);
    assert.equal(posted[0], '/mcp');
  });

  for (const [what, answer] of [
    ['redirects to the bare one for good', ({ url }) => ({ status: 308, headers: { Location: `${url.origin}/mcp` } })],
    ['redirects to the bare one, and loses POST', () => ({ status: 301, headers: { Location: '/mcp' } })],
    ['is not there', () => ({ status: 404, headers: { 'Content-Type': 'text/plain' }, body: 'Not Found' })],
  ] as readonly [string, (request: FixtureRequest) => FixtureAnswer][]) {
    test(`the form with a slash ${what}: healthy for Claude, a risk for others, and all stages examined`, async () => {
      const { report } = await seen(only('/mcp/', answer));
      assert.deepEqual([report.verdict, effects(report)], ['healthy', [[9, 'risk']]]);
      assert.ok(report.stages.every(({ state }) => state === 'examined'));
      assert.match(report.findings[0]!.notes.join(), /It is at http:\S+\/mcp, which Claude asks for by itself/);
    });
  }

  test('only the form with a slash is served: Claude fails, and what is behind is examined all the same', async () => {
    for (const answer of [
      ({ url }: FixtureRequest) => ({ status: 307, headers: { Location: `${url.origin}/mcp/` } }),
      () => ({ status: 404, headers: { 'Content-Type': 'text/plain' }, body: 'Not Found' }),
    ]) {
      const { report } = await seen(only('/mcp', answer));
      assert.deepEqual([report.verdict, effects(report)], ['failing', [[7, 'fails']]]);
      assert.ok(report.stages.every(({ state }) => state === 'examined'));
    }
  });
});
