// Whatever a server sends, the doctor ends in time, within its memory, with a report.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Examination } from '../../src/doctor/examination.ts';
import type { Exchange } from '../../src/doctor/exchange/exchange.ts';
import { NEUTRAL, RUNTIME_INITIALIZE } from '../../src/doctor/observations/claude.ts';
import { mcpPost } from '../../src/doctor/observations/mcp-post.ts';
import { HOSTILE_SERVERS } from './kit/hostile-servers.ts';
import { diagnose } from './kit/planted-fault.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const BODY_BYTES = 256 * 1024;
/** For what ends by itself, on a busy machine as well. */
const PATIENT_MS = 10_000;
/** Small, because many probes wait for each of them; the run has a bound of its own, which is tried as well. */
const LIMITS = {
  exchangeMs: 150,
  probeMs: 1_000,
  runMs: 2_500,
  firstEventMs: 50,
  lookupMs: 200,
  bodyBytes: BODY_BYTES,
};
/** Far above what the doctor needs, far below what it would keep of an endless body. */
const MEMORY_BYTES = 200 * 1024 * 1024;

/** How one POST ends, as far as it is certain. */
const ENDS: Readonly<Record<string, RegExp>> = {
  'accepts and says nothing': /^answer TIMEOUT$/,
  'closes at once': /^answer ECONNRESET$/,
  'resets at once': /^answer ECONNRESET$/,
  'speaks no HTTP': /^answer HPE_/,
  'endless header': /^answer HPE_HEADER_OVERFLOW$/,
  'one header of a megabyte': /^answer HPE_HEADER_OVERFLOW$/,
  'endless interim responses': /^answer TOO_MANY_INTERIM$/,
  'header byte by byte': /^answer TIMEOUT$/,
  'body byte by byte': /^(timeout|answer TIMEOUT)$/,
  'endless body': /^too-large$/,
  'endless small chunks': /^too-large$/,
  'endless event': /^too-large$/,
  'endless comments': /^too-large$/,
  'endless events': /^too-large$/,
  'less than Content-Length': /^cut$/,
  'more than Content-Length': /^complete$/,
  'two different Content-Length': /^answer HPE_/,
  'a negative Content-Length': /^answer HPE_/,
  'a broken chunk': /^cut$/,
  'a gzip bomb': /^too-large$/,
  'gzip that is none': /^undecodable$/,
  'an unknown content coding': /^undecodable$/,
};

function endOf({ response, failure }: Exchange): string {
  return response?.end ?? `${failure?.phase} ${failure?.code}`;
}

describe('hostile servers', { concurrency: 4 }, () => {
  for (const { name, start } of HOSTILE_SERVERS) {
    test(name, async () => {
      const running = await start();
      try {
        const expected = ENDS[name];
        const timeoutMs = expected !== undefined && /timeout/i.test(expected.source) ? 150 : PATIENT_MS;
        const examination = new Examination({ url: running.url, allowPrivate: true, limits: LIMITS });
        const exchange = await mcpPost(examination, { message: RUNTIME_INITIALIZE, voice: NEUTRAL, timeoutMs });
        if (expected !== undefined) assert.match(endOf(exchange), expected);
        assert.ok((exchange.response?.bytes.length ?? 0) <= BODY_BYTES);

        const report = await diagnose(running, { write: true, limits: LIMITS });
        assert.ok(report.durationMs < LIMITS.runMs + LIMITS.exchangeMs + 5_000, `took ${report.durationMs} ms`);
        JSON.stringify(report);
      } finally {
        await running.close();
      }
      // What is kept, not what waits to be collected.
      collect();
      const { heapUsed, external } = process.memoryUsage();
      assert.ok(heapUsed + external < MEMORY_BYTES, `${heapUsed + external} bytes in use`);
    });
  }
});

describe('a server that answers everything with more than is read', () => {
  test('all bodies together are bounded as well', async () => {
    const endless = HOSTILE_SERVERS.find(({ name }) => name === 'endless body')!;
    const running = await endless.start();
    try {
      const limits = { bodyBytes: 1024 * 1024, allBodyBytes: 2 * 1024 * 1024, exchangeMs: PATIENT_MS };
      const examination = new Examination({ url: running.url, allowPrivate: true, limits });
      const sizes: number[] = [];
      for (let count = 0; count < 4; count++) {
        const { response } = await mcpPost(examination, { message: RUNTIME_INITIALIZE, voice: NEUTRAL });
        assert.equal(response?.end, 'too-large');
        sizes.push(response.bytes.length);
      }
      assert.deepEqual(sizes, [1024 * 1024, 1024 * 1024, 64 * 1024, 64 * 1024]);
    } finally {
      await running.close();
    }
  });
});
