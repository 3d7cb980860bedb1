// --check on the two files of the deployment guide that this project began with: each of their faults is named.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkText } from '../../src/deploy/check.ts';
import { guideFile } from './guide-files.ts';

/** Of each finding, its line and its rule. */
function found(file: string, text: string): string[] {
  return checkText(file, text).findings.map(({ line, severity, id }) => `${line ?? '-'} ${severity} ${id}`);
}

describe('--check on the files of the guide', () => {
  test('nginx: each fault, where it is', () => {
    assert.deepEqual(found('guide-nginx.conf', guideFile('nginx')), [
      '1 fault nginx-tls-protocols',
      '1 advice nginx-tls-ciphers',
      '1 advice nginx-http-redirect',
      '1 fault nginx-headers',
      '1 advice nginx-sign-in-limit',
      '5 advice nginx-acme',
      '5 advice nginx-certificate-folder',
      '9 fault nginx-cors',
      '9 fault nginx-cors-exposed-headers',
      '10 fault nginx-cors-methods',
      '11 fault nginx-cors-request-headers',
      '13 fault nginx-preflight',
      '18 advice nginx-request-id',
      '18 fault nginx-body-size',
      '18 fault nginx-compression',
      '18 fault nginx-http-version',
      '18 fault nginx-connection-header',
      '18 fault nginx-keepalive',
      '18 fault nginx-read-timeout',
      '27 fault nginx-chunked',
    ]);
  });

  test('nginx: and what it does well is not told', () => {
    const ids = found('guide-nginx.conf', guideFile('nginx')).join();
    for (const well of [
      'nginx-buffering',
      'nginx-cache',
      'nginx-host',
      'nginx-forwarded',
      'nginx-path',
      'nginx-http2,',
    ]) {
      assert.ok(!ids.includes(well), well);
    }
  });

  test('nginx: what it lacks is told with the values in its own words', () => {
    const findings = checkText('guide-nginx.conf', guideFile('nginx')).findings;
    const what = (id: string) => findings.find(finding => finding.id === id)!.what;
    assert.match(what('nginx-certificate-folder'), /yourdomain\.com, and the server is mcp\.yourdomain\.com/);
    assert.match(
      what('nginx-cors-request-headers'),
      /lacks MCP-Protocol-Version, Mcp-Session-Id, Mcp-Method, Mcp-Name/,
    );
    assert.match(what('nginx-body-size'), /more than 1m \(the default\)/);
    assert.match(what('nginx-read-timeout'), /60s \(the default\)/);
  });

  test('systemd: each fault', () => {
    assert.deepEqual(found('guide-mcp-server.service', guideFile('ini')), [
      '3 advice service-network-online',
      '6 fault service-type',
      '11 advice service-restart-delay',
      '- fault service-notify-access',
      '- fault service-watchdog',
      '- advice service-reload',
      '- fault service-kill-mode',
      '- advice service-socket',
      '- fault service-hardening',
      '- advice service-open-files',
      '- advice service-resources',
      '- fault service-state',
      '- fault service-public-url',
      '- fault service-trusted-proxies',
      '- advice service-credential',
    ]);
  });
});
