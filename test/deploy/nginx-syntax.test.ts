// nginx itself takes the generated file: with the directives of its own release, and with those that suit all from 1.18 on.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deploymentOf } from '../../src/deploy/deployment.ts';
import { nginxName } from '../../src/deploy/nginx/site.ts';
import { isAtLeast, nginxVersion } from '../../src/deploy/nginx/version.ts';
import { missing } from '../lifecycle/programs.ts';
import { DOMAIN, NginxSite, nginxPrograms, versionOf } from './nginx-site.ts';

const skip = missing('nginx', 'openssl');
const ONE = '127.0.0.1:8087';
const THREE = '10.0.0.1:8087,10.0.0.2:8087,[fd00::3]:8087';

describe('nginx -t', { skip }, () => {
  for (const program of skip === false ? nginxPrograms() : []) {
    const version = versionOf(program);
    for (const [what, backend] of Object.entries({ 'one server': ONE, 'three servers': THREE })) {
      test(`nginx ${version} takes the file for itself without a word, with ${what}`, async () => {
        await using site = await NginxSite.prepared({ program, backend, nginxVersion: version });
        const { ok, said } = site.test();
        assert.equal(ok, true, said);
        assert.doesNotMatch(said, /\[(warn|emerg|error)\]/);
      });

      test(`nginx ${version} takes the file for every release, with ${what}`, async () => {
        await using site = await NginxSite.prepared({ program, backend });
        const { ok, said } = site.test();
        assert.equal(ok, true, said);
        const warnings = said.split('\n').filter(line => line.includes('[warn]'));
        // What the file itself says in a comment, and nothing else.
        const expected = isAtLeast(nginxVersion(version), '1.25.1')
          ? /"listen \.\.\. http2" directive is deprecated/
          : /$^/;
        assert.deepEqual(
          warnings.filter(line => !expected.test(line)),
          [],
        );
      });
    }
  }

  const LONG = `mcp-server-production-eu-west-1.apps.internal.${DOMAIN}`;

  test('a long name has room', async () => {
    await using site = await NginxSite.prepared({ backend: ONE, domain: LONG });
    const { ok, said } = site.test();
    assert.equal(ok, true, said);
  });

  test('control: without the line for it, nginx does not take a long name', async () => {
    const replace = [['server_names_hash_bucket_size 128;', '']] as const;
    await using site = await NginxSite.prepared({ backend: ONE, domain: LONG, replace });
    const { ok, said } = site.test();
    assert.equal(ok, false);
    assert.match(said, /could not build server_names_hash/);
  });

  test('the longest name of a deployment has room, too', async () => {
    const deployment = deploymentOf({ domain: DOMAIN, name: 'a'.repeat(32), backend: THREE });
    const replace = [['mcp_server', nginxName(deployment)]] as const;
    await using site = await NginxSite.prepared({ backend: THREE, replace });
    const { ok, said } = site.test();
    assert.equal(ok, true, said);
  });

  test('control: a directive that there is not is refused', async () => {
    const replace = [['server_tokens off;', 'server_token off;']] as const;
    await using site = await NginxSite.prepared({ backend: ONE, replace });
    const { ok, said } = site.test();
    assert.equal(ok, false);
    assert.match(said, /unknown directive "server_token"/);
  });
});
