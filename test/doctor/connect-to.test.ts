// --connect-to has the meaning that curl gives it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConnectTo, redirected } from '../../src/doctor/network/connect-to.ts';

function goes(rule: string, host: string, port: number) {
  return redirected([parseConnectTo(rule)], host, port);
}

describe('--connect-to', () => {
  test('a rule with all four parts', () => {
    const rule = 'mcp.example.com:443:127.0.0.1:8443';
    assert.deepEqual(goes(rule, 'mcp.example.com', 443), { host: '127.0.0.1', port: 8443 });
    assert.deepEqual(goes(rule, 'MCP.example.com', 443), { host: '127.0.0.1', port: 8443 });
    assert.equal(goes(rule, 'mcp.example.com', 80), undefined);
    assert.equal(goes(rule, 'example.com', 443), undefined);
  });

  test('what is left out fits everything, or stays as it is', () => {
    assert.deepEqual(goes('::127.0.0.1:8443', 'any.example.com', 80), { host: '127.0.0.1', port: 8443 });
    assert.deepEqual(goes('mcp.example.com::127.0.0.1:', 'mcp.example.com', 443), { host: '127.0.0.1', port: 443 });
    assert.deepEqual(goes('mcp.example.com:443::8443', 'mcp.example.com', 443), {
      host: 'mcp.example.com',
      port: 8443,
    });
  });

  test('IPv6 addresses stand in brackets', () => {
    assert.deepEqual(goes('[2600:9000::1]:443:[::1]:8443', '2600:9000::1', 443), { host: '::1', port: 8443 });
  });

  test('the first rule that fits counts', () => {
    const rules = ['a.example.com:443:127.0.0.1:1', ':443:127.0.0.1:2'].map(parseConnectTo);
    assert.equal(redirected(rules, 'a.example.com', 443)?.port, 1);
    assert.equal(redirected(rules, 'b.example.com', 443)?.port, 2);
  });

  for (const wrong of ['', 'mcp.example.com', 'a:b:c:d', 'a:443:b', 'a:99999:b:1', '::1:443:b:1', 'a:1:b:2:3']) {
    test(`'${wrong}' is refused`, () => {
      assert.throws(() => parseConnectTo(wrong), { code: 'SLIP_CLI_USAGE' });
    });
  }
});
