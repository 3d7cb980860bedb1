/**
 * Other makers' servers, as they come, each with a list of what is true of it and nothing else. Every line was verified by
 * hand: the requests that it names were sent with curl, or with fetch, and answered so.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Finding } from '../../src/doctor/finding.ts';
import type { Report } from '../../src/doctor/report.ts';
import { nginx } from '../../src/fronts/nginx.ts';
import { missing } from '../lifecycle/programs.ts';
import { behindNginx, STREAMS } from './kit/nginx-front.ts';
import { peerProcess } from './kit/peer-process.ts';
import { diagnose } from './kit/planted-fault.ts';
import type { Running } from './kit/running.ts';

/** By row, why it is true; `33 of 42` is what merely follows from row 42. */
type Truths = Readonly<Record<string, string>>;

interface Peer {
  readonly file: string;
  readonly truths: Truths;
  /** With `--write` as well. */
  readonly written?: Truths;
}

const STRICT_ACCEPT = 'initialize with Accept: */* gets 406, with both media types 200';
const OLD_DIALECT = "inputSchema of every tool has $schema 'http://json-schema.org/draft-07/schema#'";

const PEERS: Readonly<Record<string, Peer>> = {
  // Both eras; it refuses a header that differs from the envelope with 400 and -32020, as it has to: no finding.
  'official SDK v2, createMcpHandler': {
    file: 'peers/official-sdk-v2.ts',
    truths: { 32: STRICT_ACCEPT },
  },
  'official SDK v2, transport with sessions': {
    file: 'peers/official-sdk-v2-sessions.ts',
    truths: {
      32: STRICT_ACCEPT,
      37: "tools/list of a session with MCP-Protocol-Version: 2026-07-28 gets 400 'Unsupported protocol version'",
      42: "tools/list without Mcp-Session-Id gets 400 'No valid session ID provided'",
      '33 of 42': 'server/discover gets the same 400, and -32601 within a session',
    },
  },
  'official SDK v1': {
    file: 'peers/official-sdk-v1.ts',
    truths: {
      32: STRICT_ACCEPT,
      37: "tools/list with MCP-Protocol-Version: 2026-07-28 gets 400 'Unsupported protocol version'",
      '33 of 37': 'server/discover gets the same 400, and -32601 with 2025-11-25 in its header',
      95: OLD_DIALECT,
    },
  },
  // An unknown session gets 404 there, as it has to.
  'official SDK v1, its own example with sessions': {
    file: 'node_modules/@modelcontextprotocol/sdk/dist/esm/examples/server/simpleStreamableHttp.js',
    truths: {
      32: STRICT_ACCEPT,
      37: "tools/list of a session with MCP-Protocol-Version: 2026-07-28 gets 400 'Unsupported protocol version'",
      42: "tools/list without Mcp-Session-Id gets 400 'No valid session ID provided'",
      '33 of 42': 'server/discover gets the same 400, and -32601 within a session',
      95: OLD_DIALECT,
    },
    written: { 23: 'a POST of 200 kB gets 413: express.json() takes 100 kB' },
  },
  fastmcp: {
    file: 'peers/fastmcp.ts',
    truths: {
      32: STRICT_ACCEPT,
      37: "tools/list with MCP-Protocol-Version: 2026-07-28 gets 400 'the server instance cannot serve 2026-07-28'",
      '33 of 37': 'server/discover gets the same 400, and -32601 with 2025-11-25 in its header',
      95: OLD_DIALECT,
    },
  },
  'fastmcp with sessions': {
    file: 'peers/fastmcp-sessions.ts',
    truths: {
      32: STRICT_ACCEPT,
      37: "tools/list of a session with MCP-Protocol-Version: 2026-07-28 gets 400 'cannot serve 2026-07-28'",
      42: "tools/list without Mcp-Session-Id gets 400 'No valid session ID provided'",
      '33 of 42': 'server/discover gets 400, and -32601 within a session',
      95: OLD_DIALECT,
    },
  },
  // The official demonstration, on the official SDK v1.
  'server-everything': {
    file: 'peers/server-everything.ts',
    truths: {
      32: STRICT_ACCEPT,
      37: "tools/list of a session with MCP-Protocol-Version: 2026-07-28 gets 400 'Unsupported protocol version'",
      42: "tools/list without Mcp-Session-Id gets 400 'Server not initialized'",
      '33 of 42': 'server/discover gets the same 400, and -32601 within a session',
      43: "tools/list with Mcp-Session-Id: nope gets 400 'No valid session ID provided'",
      '44 of 43': 'notifications/initialized with that id gets the same 400',
      95: OLD_DIALECT,
    },
  },
  // It serves sessions that never were, which is no fault for anybody.
  tmcp: {
    file: 'peers/tmcp.ts',
    truths: { 95: OLD_DIALECT },
  },
  'mcp-handler': {
    file: 'peers/mcp-handler.ts',
    truths: { 32: STRICT_ACCEPT },
  },
};

function told(findings: readonly Finding[], above?: Finding): readonly string[] {
  return findings.flatMap(finding => [
    above === undefined ? `${finding.row}` : `${finding.row} of ${above.row}`,
    ...told(finding.consequences, finding),
  ]);
}

function assertTruths({ findings, unchecked }: Report, truths: Truths): void {
  const failed = unchecked.filter(one => one.failed).map(({ probe, why }) => `${probe}: ${why}`);
  assert.deepEqual(failed, [], 'probes failed');
  assert.deepEqual([...told(findings)].sort(), Object.keys(truths).sort());
}

describe("the doctor and other makers' servers", () => {
  const started = new Map<string, Promise<Running>>();
  before(() => {
    for (const [name, { file }] of Object.entries(PEERS)) {
      const running = peerProcess(file);
      running.catch(() => {});
      started.set(name, running);
    }
  });
  after(async () => {
    const all = await Promise.allSettled(started.values());
    await Promise.all(all.map(one => (one.status === 'fulfilled' ? one.value.close() : undefined)));
  });

  for (const [name, { truths, written = {} }] of Object.entries(PEERS)) {
    test(name, async () => {
      const running = await started.get(name)!;
      assertTruths(await diagnose(running, { write: true }), { ...truths, ...written });
    });

    // nginx as it is by itself, which collects what it passes on: all of these tell it not to with their streams.
    test(`${name}, behind nginx`, { skip: missing('nginx') }, async () => {
      const running = await started.get(name)!;
      const front = await behindNginx({ ...running, close: async () => {} }, { location: '' });
      try {
        assertTruths(await diagnose(front), truths);
      } finally {
        await front.close();
      }
    });
  }

  test('official SDK v1, behind nginx with the lines for row 37', { skip: missing('nginx') }, async () => {
    const running = await started.get('official SDK v1')!;
    const { text } = nginx.snippets.find(({ rows }) => rows.includes(37))!;
    const [http, location] = text.split('# In the location:') as [string, string];
    const front = await behindNginx({ ...running, close: async () => {} }, { http, location: `${STREAMS}${location}` });
    try {
      const { 32: accept, 95: dialect } = PEERS['official SDK v1']!.truths;
      assertTruths(await diagnose(front), { 32: accept!, 95: dialect! });
    } finally {
      await front.close();
    }
  });
});
