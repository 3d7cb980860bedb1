// Tokens and headers of the user reach the examined origin over trusted TLS, and nobody else; nor do they reach a report.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { examine } from '../../src/doctor/doctor.ts';
import { Examination, type ExaminationOptions } from '../../src/doctor/examination.ts';
import { resourceMetadata } from '../../src/doctor/observations/resource-metadata.ts';
import { jsonReport } from '../../src/doctor/report/json-report.ts';
import { junitReport } from '../../src/doctor/report/junit-report.ts';
import { PLAIN } from '../../src/doctor/report/style.ts';
import { terminalReport } from '../../src/doctor/report/terminal-report.ts';
import type { Fault, FixtureAnswer } from './kit/fixture-request.ts';
import { TOKEN } from './kit/healthy-oauth.ts';
import { healthyServer } from './kit/healthy-server.ts';
import { FAST } from './kit/planted-fault.ts';
import type { Running } from './kit/running.ts';
import { THROW_AWAY } from './kit/throw-away-ca.ts';

const SECRETS = { bearer: TOKEN, headers: [['X-Api-Key', 'fixture-api-key']] } as const;

function examination(running: Running, options: Partial<ExaminationOptions> = {}): Examination {
  return new Examination({ url: running.url, ...running.doctor, ...SECRETS, ...options });
}

async function withServer(options: Parameters<typeof healthyServer>[0], work: (running: Running) => Promise<void>) {
  const running = await healthyServer(options);
  try {
    await work(running);
  } finally {
    await running.close();
  }
}

describe('credentials', () => {
  test('go with a request that asks for them, and with no other', async () => {
    await withServer({}, async running => {
      const examined = examination(running);
      await examined.exchange({ url: running.url, credentials: true });
      await examined.exchange({ url: running.url });
      const [withThem, without] = running.requests;
      assert.equal(withThem?.headers.authorization, `Bearer ${TOKEN}`);
      assert.equal(withThem?.headers['x-api-key'], 'fixture-api-key');
      assert.equal(without?.headers.authorization, undefined);
      assert.equal(without?.headers['x-api-key'], undefined);
    });
  });

  test('do not go to another origin: another port, another name, another scheme', async () => {
    await withServer({}, async running => {
      await withServer({}, async other => {
        const examined = examination(running);
        const { port } = new URL(other.url);
        for (const url of [other.url, `http://localhost:${port}/mcp`])
          await examined.exchange({ url, credentials: true });
        assert.equal(other.requests.length, 2);
        for (const { headers } of other.requests) {
          assert.equal(headers.authorization, undefined);
          assert.equal(headers['x-api-key'], undefined);
        }
      });
    });
  });

  test('do not go where the certificate is not trusted, even to the same name', async () => {
    const identity = THROW_AWAY.identity(['mcp.example.com'], { selfSigned: true });
    await withServer({ public: { identity } }, async running => {
      const exchange = await examination(running).exchange({ url: running.url, credentials: true });
      assert.equal(exchange.connection?.tls?.authorized, false);
      assert.equal(running.requests.length, 1);
      assert.equal(running.requests[0]?.headers.authorization, undefined);
    });
    // The same with a certificate that is trusted.
    await withServer({ public: {} }, async running => {
      await examination(running).exchange({ url: running.url, credentials: true });
      assert.equal(running.requests[0]?.headers.authorization, `Bearer ${TOKEN}`);
    });
  });

  test('redirects are not followed, so nothing goes where they lead', async () => {
    await withServer({}, async other => {
      const fault = () => ({ status: 307, headers: { Location: other.url } });
      await withServer({ fault }, async running => {
        const exchange = await examination(running).exchange({ url: running.url, credentials: true });
        assert.equal(exchange.response?.status, 307);
        assert.equal(other.requests.length, 0);
      });
    });
  });

  test('a whole examination of a server that sends one elsewhere gives nothing away', async () => {
    await withServer({}, async other => {
      const elsewhere = new URL(other.url).origin;
      const document = { resource: `${elsewhere}/mcp`, authorization_servers: [elsewhere], issuer: elsewhere };
      const pointer = `Bearer resource_metadata="${elsewhere}/.well-known/oauth-protected-resource"`;
      const metadata = { authorization_endpoint: `${elsewhere}/authorize`, token_endpoint: `${elsewhere}/token` };
      const fault: Fault = ({ url, method }): FixtureAnswer => {
        if (url.pathname.startsWith('/.well-known/')) return { body: { ...document, ...metadata } };
        if (method === 'GET') return { status: 302, headers: { Location: other.url } };
        return { status: 401, headers: { 'WWW-Authenticate': pointer } };
      };
      await withServer({ fault }, async running => {
        await examine({ url: running.url, ...running.doctor, ...SECRETS, write: true, limits: FAST });
        assert.ok(running.requests.some(({ headers }) => headers.authorization === `Bearer ${TOKEN}`));
        // Whatever the probes look at: the pointer at least is followed.
        await resourceMetadata(examination(running));
        assert.ok(other.requests.length > 0);
        for (const { headers, body, url } of other.requests) {
          const text = JSON.stringify(headers) + body + url.href;
          assert.ok(!text.includes(TOKEN) && !text.includes('fixture-api-key'), text);
        }
      });
    });
  });

  test('are hidden in every report, also where the server repeats them', async () => {
    const fault: Fault = ({ headers }) => ({
      status: 200,
      headers: { 'Content-Type': 'text/html', 'X-Powered-By': `echo ${headers['x-api-key']}` },
      body: `<!doctype html><p>${headers['authorization']} ${headers['x-api-key']} \u001b[31mred\u202e</p>`,
    });
    const seen = { name: 'shows all', stage: 'edge', rows: [10] } as const;
    await withServer({ fault }, async running => {
      const report = await examine({
        url: `${running.url}?key=in-the-query`,
        ...running.doctor,
        ...SECRETS,
        plans: [
          {
            stage: 'edge',
            probes: [
              {
                ...seen,
                async run(examined) {
                  const { exchanged } = await import('../../src/doctor/evidence.ts');
                  const exchange = await examined.exchange({ url: examined.url, credentials: true });
                  return [{ row: 10, evidence: [exchanged(exchange)], note: `it said ${exchange.response?.text}` }];
                },
              },
            ],
          },
        ],
      });
      assert.equal(report.findings[0]?.row, 10);
      for (const text of [terminalReport(report, PLAIN), jsonReport(report), junitReport(report)]) {
        assert.match(text, /doctype html/);
        assert.ok(!text.includes(TOKEN), text);
        assert.ok(!text.includes('fixture-api-key'), text);
        assert.ok(!text.includes('in-the-query'), text);
        // Nothing that a terminal would obey, or that turns the writing around.
        for (const char of ['\u001b', '\u202e', '\\u001b']) assert.ok(!text.includes(char), text);
      }
    });
  });
});
