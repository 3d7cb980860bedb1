// By which marks the doctor knows what stands in front: challenges, sign-in for people, words of guards.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Exchange } from '../../src/doctor/exchange/exchange.ts';
import { HeaderList } from '../../src/doctor/exchange/header-list.ts';
import { botChallengeOf } from '../../src/doctor/observations/bot-challenge.ts';
import { signInPageOf } from '../../src/doctor/observations/sign-in-page.ts';
import { blamesHost } from '../../src/doctor/probes/edge/host-guard.ts';
import { hourlyQuota } from '../../src/doctor/probes/edge/rate-limit.ts';
import { saysMissing } from '../../src/doctor/probes/edge/stripped-authorization.ts';

type Headers = readonly (readonly [name: string, value: string])[];

function answer(status: number, headers: Headers, text = ''): Exchange {
  const bytes = Buffer.from(text);
  return {
    request: { method: 'POST', url: 'https://mcp.example.com/mcp', headers: new HeaderList([]), body: '' },
    response: {
      status,
      reason: '',
      httpVersion: '1.1',
      headers: new HeaderList(headers),
      framing: 'content-length',
      end: 'complete',
      bytes,
      text,
      isUtf8: true,
      wireBytes: bytes.length,
      events: [],
    },
    timings: { endMs: 1 },
  };
}

function page(text: string, status = 403): Exchange {
  return answer(status, [['Content-Type', 'text/html; charset=utf-8']], `<!DOCTYPE html><html>${text}</html>`);
}

function redirect(to: string, status = 302): Exchange {
  return answer(status, [['Location', to]]);
}

const CHALLENGES: readonly (readonly [Exchange, string | undefined])[] = [
  [answer(403, [['cf-mitigated', 'challenge']]), 'Cloudflare'],
  [page('<title>Just a moment...</title>'), 'Cloudflare'],
  [page('<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1?ray=1"></script>'), 'Cloudflare'],
  [page('<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>', 200), undefined],
  [answer(202, [['x-amzn-waf-action', 'challenge']]), 'AWS WAF'],
  [answer(405, [['x-amzn-waf-action', 'captcha']]), 'AWS WAF'],
  [page('<script>window.awsWafCookieDomainList = [];</script>'), 'AWS WAF'],
  [page('<script src="https://ct.captcha-delivery.com/c.js"></script>'), 'DataDome'],
  [answer(200, [['x-datadome', 'protected']], '{"jsonrpc":"2.0"}'), undefined],
  [page('<iframe src="/_Incapsula_Resource?CWUDNSAI=1"></iframe>', 200), 'Imperva'],
  [page('<div id="px-captcha"></div>'), 'HUMAN'],
  [page('<div id="sec-if-cpt-container"></div>', 428), 'Akamai'],
  [page("<script>var s={},sucuri_cloudproxy_js='';</script>", 200), 'Sucuri'],
  [page('<title>DDoS-Guard</title>'), 'DDoS-Guard'],
  [page('<script id="anubis_challenge" type="application/json">{}</script>', 200), 'Anubis'],
  [page('<noscript>Enable JavaScript and cookies to continue</noscript>'), 'the front'],
  // The words alone, in something that is no page.
  [answer(200, [['Content-Type', 'application/json']], '{"text":"<title>Just a moment...<"}'), undefined],
  [page('<title>403 Forbidden</title>'), undefined],
];

const SIGN_INS: readonly (readonly [Exchange, string | undefined])[] = [
  [redirect('https://team.cloudflareaccess.com/cdn-cgi/access/login/mcp.example.com?kid=1'), 'Cloudflare Access'],
  [redirect('/cdn-cgi/access/login?redirect_url=%2Fmcp'), 'Cloudflare Access'],
  [redirect('/oauth2/sign_in?rd=%2Fmcp'), 'oauth2-proxy'],
  [redirect('/.pomerium/sign_in?pomerium_redirect_uri=x'), 'Pomerium'],
  [redirect('https://mcp.example.com/outpost.goauthentik.io/start?rd=x'), 'authentik'],
  [redirect('https://vercel.com/sso-api?url=https%3A%2F%2Fmcp.example.com%2Fmcp&nonce=1'), 'Vercel Authentication'],
  [redirect('/.auth/login/aad?post_login_redirect_uri=%2Fmcp'), 'Azure App Service authentication'],
  [redirect('https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=1'), 'Microsoft Entra'],
  [redirect('https://a.auth.us-east-1.amazoncognito.com/login?client_id=1'), 'Amazon Cognito'],
  [redirect('https://acme.okta.com/oauth2/v1/authorize?client_id=1'), 'Okta'],
  [redirect('https://auth.example.com/?rd=https%3A%2F%2Fmcp.example.com%2Fmcp'), 'auth.example.com'],
  [redirect('https://sso.example.com/saml?SAMLRequest=abc'), 'sso.example.com'],
  [redirect('/users/sign_in'), 'mcp.example.com'],
  [redirect('/login'), 'mcp.example.com'],
  [
    answer(302, [
      ['Location', 'https://accounts.google.com/x'],
      ['X-Goog-IAP-Generated-Response', 'true'],
    ]),
    'Google Identity-Aware Proxy',
  ],
  [answer(403, [['Set-Cookie', '_oauth2_proxy_csrf=1; Path=/']], 'Sign in'), 'oauth2-proxy'],
  [redirect('https://www.example.com/mcp', 301), undefined],
  [redirect('https://mcp.example.com/mcp/', 307), undefined],
  [redirect('https://mcp.example.com/api/mcp'), undefined],
  [answer(401, [['WWW-Authenticate', 'Bearer resource_metadata="https://mcp.example.com/x"']]), undefined],
];

const OF_HOST: readonly (readonly [string, boolean])[] = [
  ['Invalid Host header', true],
  ['{"jsonrpc":"2.0","error":{"code":-32000,"message":"Invalid Host: mcp.example.com"},"id":null}', true],
  ["DisallowedHost at /mcp: Invalid HTTP_HOST header: 'mcp.example.com'", true],
  ['<h1>Blocked hosts: mcp.example.com</h1>', true],
  ['Blocked request. This host ("mcp.example.com") is not allowed.', true],
  ["The Host header 'mcp.example.com' is not one that this server answers to", true],
  ['host_not_allowed', true],
  ['Invalid Origin header', false],
  ['You are not allowed to see this page', false],
  ['This server is hosted elsewhere', false],
];

const OF_TOKEN: readonly (readonly [string, boolean])[] = [
  ['{"error":"invalid_token","error_description":"Missing Authorization header"}', true],
  ['No access token was provided', true],
  ['Bearer error="invalid_token", error_description="No authorization provided"', true],
  ['The Authorization header is missing', true],
  ['Authorization header required', true],
  ['No token', true],
  ['{"error":"invalid_token","error_description":"Missing or invalid access token"}', false],
  ['{"error":"invalid_token","error_description":"Authentication required"}', false],
  ['{"error":"unauthorized"}', false],
  ['Invalid or missing API token', false],
  ['The token is expired', false],
  ['No valid token was found', false],
  ['Token not found', false],
];

const QUOTAS: readonly (readonly [string, number | undefined])[] = [
  ['20;w=3600', 20],
  ['100;w=60', 6_000],
  ['"20-in-1hour"; q=20; w=3600; pk=:YWJj:', 20],
  ['"burst";q=5;w=1', 18_000],
  ['20', undefined],
  ['', undefined],
];

describe('marks of the edge', () => {
  test('challenges', () => {
    for (const [exchange, maker] of CHALLENGES) assert.equal(botChallengeOf(exchange), maker, exchange.response!.text);
  });
  test('sign-in for people', () => {
    for (const [exchange, maker] of SIGN_INS) {
      assert.equal(signInPageOf(exchange), maker, JSON.stringify([...exchange.response!.headers]));
    }
  });
  test('words of Host guards', () => {
    for (const [text, expected] of OF_HOST) assert.equal(blamesHost(text), expected, text);
  });
  test('words for a missing token', () => {
    for (const [text, expected] of OF_TOKEN) assert.equal(saysMissing(text), expected, text);
  });
  test('quotas', () => {
    for (const [text, expected] of QUOTAS) assert.equal(hourlyQuota(text), expected, text);
  });
});
