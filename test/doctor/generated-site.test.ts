// Slipway as a service of slipway deploy has it, behind the nginx site that slipway deploy writes: nothing to be found.
import { describe, test } from 'node:test';
import { McpServer } from 'slipway';
import { behindNginx, PUBLIC_URL } from '../deploy/behind-nginx.ts';
import { DOMAIN } from '../deploy/nginx-site.ts';
import { missing } from '../lifecycle/programs.ts';
import { startDns } from './kit/dns-server.ts';
import { assertClean, diagnose } from './kit/planted-fault.ts';

describe('the doctor and what slipway deploy writes', () => {
  for (const path of ['/mcp', '/mcp/', '/']) {
    test(`nothing is found at ${path}`, { skip: missing('nginx') || missing('openssl') }, async t => {
      const mcp = new McpServer({ name: 'deployed', version: '1.0.0' });
      mcp.registerTool('now', { title: 'Now', description: 'Time', annotations: { readOnlyHint: true } }, () => 'noon');
      const { site } = await behindNginx(t, mcp);
      const dns = await startDns({ [DOMAIN]: { A: ['52.84.1.1'] } });
      t.after(() => dns.close());
      const report = await diagnose({
        url: new URL(path, PUBLIC_URL).href,
        doctor: {
          ca: site.pem,
          dns: dns.address,
          connectTo: [
            { host: DOMAIN, port: 443, toHost: '127.0.0.1', toPort: site.httpsPort },
            { host: DOMAIN, port: 80, toHost: '127.0.0.1', toPort: site.httpPort },
          ],
        },
        requests: [],
        close: async () => {},
      });
      assertClean(report);
    });
  }
});
