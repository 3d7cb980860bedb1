// What a report never shows: what the user gave, however the server writes it back, and wherever an excerpt is cut.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { redaction } from '../../src/doctor/redaction.ts';
import { jsonReport } from '../../src/doctor/report/json-report.ts';
import { junitReport } from '../../src/doctor/report/junit-report.ts';
import { PLAIN } from '../../src/doctor/report/style.ts';
import { terminalReport } from '../../src/doctor/report/terminal-report.ts';
import { healthyServer } from './kit/healthy-server.ts';
import { diagnose } from './kit/planted-fault.ts';

const SECRET = 'key "of" a/b+c & d<e>';

describe('redaction', () => {
  const redact = redaction([SECRET]);

  test('as it is, in a URL, in JSON, in HTML', () => {
    const html = SECRET.replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;');
    for (const writing of [SECRET, encodeURIComponent(SECRET), encodeURI(SECRET), JSON.stringify(SECRET), html]) {
      const shown = redact(`before ${writing} after`);
      assert.match(shown, /before ["]?\[redacted\]["]? after/, writing);
    }
    assert.equal(redact('before another text after'), 'before another text after');
  });

  test('where an excerpt ends in the middle of it', () => {
    for (let length = 4; length < SECRET.length; length++) {
      assert.equal(redact(`said: ${SECRET.slice(0, length)}… (900 characters)`), 'said: [redacted]… (900 characters)');
    }
    assert.equal(redact('said: something else… (900 characters)'), 'said: something else… (900 characters)');
  });

  test('a server that writes everything back, whole and cut, into each kind of report', async () => {
    const given = { bearer: 'bearer-Of-The-Test', header: 'header of the test', query: 'query-of-the-test' };
    for (const filler of [0, 50, 90, 100, 340, 380, 390]) {
      const server = await healthyServer({
        entered: `/mcp?key=${given.query}`,
        fault: ({ headers, url }) => ({
          status: 418,
          headers: { 'Content-Type': 'text/plain' },
          body: `${'.'.repeat(filler)}${headers['authorization']} ${headers['x-key']} ${url.href}`,
        }),
      });
      try {
        const report = await diagnose(server, { bearer: given.bearer, headers: [['X-Key', given.header]] });
        assert.ok(server.requests.some(({ headers }) => headers['x-key'] === given.header));
        const all = [jsonReport(report), junitReport(report), terminalReport(report, PLAIN)].join('\n');
        assert.match(all, /418/);
        for (const secret of Object.values(given)) assert.ok(!all.includes(secret.slice(0, 9)), `${filler}: ${secret}`);
      } finally {
        await server.close();
      }
    }
  });
});
