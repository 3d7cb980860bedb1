import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostGuard } from '../../src/transport/http/host-guard.ts';
import { OriginGuard } from '../../src/transport/http/origin-guard.ts';
import { hostsWith, originsWith, PublicUrl } from '../../src/transport/http/public-url.ts';

const PUBLIC = '203.0.113.5';

test('its host is answered to with any port, its origin exactly', () => {
  const publicUrl = new PublicUrl('https://MCP.example.com:8443/mcp/');
  assert.equal(publicUrl.href, 'https://mcp.example.com:8443/mcp');
  const hosts = new HostGuard(hostsWith(['other.example'], publicUrl));
  for (const host of ['mcp.example.com', 'mcp.example.com:8443', 'MCP.example.com', 'other.example']) {
    assert.equal(hosts.refusal(host, PUBLIC), false, host);
  }
  assert.equal(hosts.refusal('evil.example', PUBLIC), true);
  const origins = new OriginGuard(originsWith(['https://app.example'], publicUrl));
  for (const origin of ['https://mcp.example.com:8443', 'https://app.example', 'https://claude.ai']) {
    assert.equal(origins.allows(origin, undefined, PUBLIC), true, origin);
  }
  for (const origin of ['http://mcp.example.com:8443', 'https://mcp.example.com', 'https://evil.example']) {
    assert.equal(origins.allows(origin, undefined, PUBLIC), false, origin);
  }
});

test('without it nothing is added', () => {
  assert.equal(PublicUrl.of(undefined), undefined);
  assert.equal(hostsWith(undefined, undefined), undefined);
  assert.deepEqual(originsWith(['https://a.example'], undefined), ['https://a.example']);
});

test('IPv6 and the root', () => {
  const publicUrl = new PublicUrl('http://[2001:db8::1]:8087/');
  assert.equal(publicUrl.href, 'http://[2001:db8::1]:8087');
  assert.equal(publicUrl.isNamedBy('[2001:DB8::1]'), true);
  assert.equal(publicUrl.isNamedBy('[2001:db8::2]'), false);
  assert.equal(publicUrl.isHttps, false);
});

test('what is none is refused, with the reason', () => {
  for (const [text, why] of [
    ['mcp.example.com', /is not a URL/],
    ['ftp://mcp.example.com', /is not a URL/],
    ['https:mcp.example.com', /is not a URL/],
    ['', /is not a URL/],
    ['https://a:b@mcp.example.com', /credentials/],
    ['https://mcp.example.com/?a=1', /query/],
    ['https://mcp.example.com/#a', /fragment/],
    ['https://mcp.example.com/?', /query/],
  ] as const) {
    assert.throws(() => new PublicUrl(text), { code: 'SLIP_INVALID_OPTION', message: why }, text);
  }
});
