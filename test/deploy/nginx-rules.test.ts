// Every rule of --check for nginx: what slipway deploy writes breaks none, and a change to it breaks exactly the one meant.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { checkText } from '../../src/deploy/check.ts';
import { deploymentOf } from '../../src/deploy/deployment.ts';
import { NGINX_RULES } from '../../src/deploy/nginx/rules/nginx-rules.ts';
import { nginxTarget } from '../../src/deploy/nginx/target.ts';
import { nginxVersion } from '../../src/deploy/nginx/version.ts';
import { missing } from '../lifecycle/programs.ts';
import { makeCertificate } from './certificate.ts';
import { DOMAIN } from './nginx-site.ts';
import { type Change, changed, generated, idsOf, type RuleCase } from './rule-cases.ts';

const FILE = generated('nginx', 'mcp-server.conf');
const CORS = "add_header Access-Control-Allow-Origin 'https://claude.ai' always;";
const EXPOSES = "add_header Access-Control-Expose-Headers 'Mcp-Session-Id, WWW-Authenticate' always;";
const ROOT = 'location / {\n        proxy_pass http://mcp_server;';
const inRoot = (line: string) => [[ROOT, `${ROOT}\n        ${line}`]] as const;
const inServer = (line: string) => [['ssl_session_tickets off;', line]] as const;

const CASES: readonly RuleCase[] = [
  {
    id: 'nginx-tls',
    changes: [
      ['listen 443 ssl http2;', 'listen 8080;'],
      ['listen [::]:443 ssl http2;', ''],
    ],
  },
  { id: 'nginx-tls-protocols', changes: [['ssl_protocols TLSv1.2 TLSv1.3;', '']] },
  {
    id: 'nginx-tls-protocols',
    changes: [['ssl_protocols TLSv1.2 TLSv1.3;', 'ssl_protocols TLSv1.1 TLSv1.2 TLSv1.3;']],
  },
  { id: 'nginx-tls-protocols', changes: [['ssl_protocols TLSv1.2 TLSv1.3;', 'ssl_protocols TLSv1.2;']] },
  { id: 'nginx-tls-ciphers', changes: [[/ssl_ciphers [^;]+;/, '']] },
  { id: 'nginx-tls-ciphers', changes: [[/ssl_ciphers [^;]+;/, 'ssl_ciphers HIGH:RC4-SHA:!aNULL;']] },
  { id: 'nginx-certificate-chain', changes: [['/fullchain.pem', '/cert.pem']] },
  { id: 'nginx-certificate-folder', changes: [[`live/${DOMAIN}/fullchain`, 'live/example.com/fullchain']] },
  {
    id: 'nginx-port',
    changes: [
      [/:443 ssl/, ':8443 ssl'],
      ['listen 443 ssl', 'listen 8443 ssl'],
    ],
  },
  { id: 'nginx-http2', changes: [[/ ssl http2;/g, ' ssl;']] },
  {
    id: 'nginx-http-redirect',
    changes: [[/return 308 https:\/\/\S+;/, 'return 404;']],
  },
  { id: 'nginx-redirect-method', changes: [['return 308 ', 'return 301 ']] },
  { id: 'nginx-acme', changes: [['location ^~ /.well-known/acme-challenge/', 'location ^~ /other/']] },
  {
    id: 'nginx-no-proxy',
    changes: [[/proxy_pass http:\/\/mcp_server;/g, '']],
  },
  { id: 'nginx-path', changes: [[ROOT, ROOT.replace('location / ', 'location /mcp/ ')]] },
  { id: 'nginx-path', changes: [[ROOT, ROOT.replace('location / ', 'location = /mcp ')]] },
  {
    id: 'nginx-path',
    changes: [
      [
        'location / {\n        proxy_pass',
        'location = /mcp/ { return 308 /mcp; }\n    location / {\n        proxy_pass',
      ],
    ],
  },
  { id: 'nginx-path', changes: inServer('return 302 https://www.example.com/;') },
  { id: 'nginx-path', changes: inServer('rewrite ^/mcp$ /mcp/ permanent;') },
  { id: 'nginx-path', changes: inServer('rewrite (?i)^/MCP https://other.example.com/;') },
  { id: 'nginx-path-rewritten', changes: [['proxy_pass http://mcp_server;', 'proxy_pass http://mcp_server/mcp;']] },
  { id: 'nginx-host', changes: [['proxy_set_header Host $host;', '']] },
  { id: 'nginx-host', changes: [['proxy_set_header Host $host;', 'proxy_set_header Host $proxy_host;']] },
  { id: 'nginx-forwarded', changes: [['proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;', '']] },
  { id: 'nginx-forwarded', changes: [['proxy_set_header X-Forwarded-Proto $scheme;', '']] },
  { id: 'nginx-forwarded', changes: [['X-Forwarded-For $proxy_add_x_forwarded_for', 'X-Forwarded-For ""']] },
  { id: 'nginx-request-id', changes: [['proxy_set_header X-Request-Id $request_id;', '']] },
  {
    // Where a location sets one header, it has none of those outside of it.
    id: 'nginx-host',
    changes: inRoot('proxy_set_header X-Other 1;'),
    also: ['nginx-connection-header', 'nginx-forwarded', 'nginx-request-id'],
  },
  {
    id: 'nginx-authorization',
    changes: [['proxy_set_header Host $host;', 'proxy_set_header Host $host; proxy_set_header Authorization "";']],
  },
  { id: 'nginx-basic-auth', changes: inServer('auth_basic "Members";') },
  { id: 'nginx-headers', changes: [['ignore_invalid_headers off;', '']] },
  { id: 'nginx-body-size', changes: [['client_max_body_size 4m;', '']] },
  { id: 'nginx-body-size', changes: [['client_max_body_size 4m;', 'client_max_body_size 512k;']] },
  { id: 'nginx-retry', changes: inServer('proxy_next_upstream error timeout non_idempotent;') },
  { id: 'nginx-limit-shared', changes: inRoot('limit_req zone=mcp_server_sign_in burst=5;') },
  { id: 'nginx-limit-shared', changes: inServer('limit_conn addresses 10;') },
  { id: 'nginx-sign-in-limit', changes: [[/limit_req zone=.*/, '']] },
  { id: 'nginx-preflight', changes: inServer('if ($request_method = OPTIONS) { return 204; }') },
  { id: 'nginx-buffering', changes: [['proxy_buffering off;', '']] },
  { id: 'nginx-buffering', changes: inRoot('proxy_buffering on;') },
  {
    id: 'nginx-buffering',
    changes: [[ROOT, `location ~ (?i)^/MCP { proxy_buffering on; proxy_pass http://mcp_server; }\n    ${ROOT}`]],
  },
  { id: 'nginx-cache', changes: [['proxy_cache off;', 'proxy_cache answers;']] },
  { id: 'nginx-compression', changes: [['gzip off;', '']] },
  { id: 'nginx-chunked', changes: inRoot('chunked_transfer_encoding off;') },
  { id: 'nginx-http-version', changes: [['proxy_http_version 1.1;', '']] },
  { id: 'nginx-http-version', changes: [['proxy_http_version 1.1;', 'proxy_http_version 1.0;']] },
  { id: 'nginx-connection-header', changes: [['proxy_set_header Connection "";', '']] },
  { id: 'nginx-connection-header', changes: [['Connection "";', 'Connection upgrade;']] },
  { id: 'nginx-keepalive', changes: [['    keepalive 64;', '']] },
  { id: 'nginx-keepalive', changes: [[/proxy_pass http:\/\/mcp_server;/g, 'proxy_pass http://127.0.0.1:8087;']] },
  { id: 'nginx-keepalive-time', changes: [['keepalive_timeout 4s;', '']] },
  { id: 'nginx-keepalive-time', changes: [['keepalive_timeout 4s;', 'keepalive_timeout 1m;']] },
  { id: 'nginx-localhost', changes: [['server 127.0.0.1:8087;', 'server localhost:8087;']] },
  {
    id: 'nginx-localhost',
    changes: [[/proxy_pass http:\/\/mcp_server;/g, 'proxy_pass http://localhost:8087;']],
    also: ['nginx-keepalive'],
  },
  { id: 'nginx-read-timeout', changes: [['proxy_read_timeout 3600s;', '']] },
  { id: 'nginx-read-timeout', changes: [['proxy_read_timeout 3600s;', 'proxy_read_timeout 1m 30s;']] },
  { id: 'nginx-cors', changes: inServer(`${CORS} ${EXPOSES}`) },
  { id: 'nginx-cors-exposed-headers', changes: inServer(CORS), also: ['nginx-cors'] },
  { id: 'nginx-cors-methods', changes: inServer("add_header Access-Control-Allow-Methods 'GET, POST';") },
  { id: 'nginx-cors-request-headers', changes: inServer("add_header Access-Control-Allow-Headers 'Content-Type';") },
  { id: 'nginx-include', changes: inServer('include snippets/not-there.conf;') },
];

describe('--check for nginx', () => {
  for (const given of [
    {},
    { backend: '127.0.0.1:1,127.0.0.1:2' },
    { 'nginx-version': '1.28.0' },
    { 'nginx-version': '1.31.0', 'max-body-bytes': '10485760', certificate: '/a/b.pem', 'certificate-key': '/a/k.pem' },
  ]) {
    test(`what slipway deploy writes breaks no rule (${JSON.stringify(given)})`, () => {
      const text = nginxTarget.files(deploymentOf({ domain: DOMAIN, ...given }))[0]!.text;
      const version = given['nginx-version'] === undefined ? undefined : nginxVersion(given['nginx-version']);
      assert.deepEqual(checkText('a.conf', text, version).findings, []);
    });
  }

  for (const { id, changes, also = [] } of CASES) {
    test(`${id}: ${changes.map(([, replacement]) => replacement.replaceAll(/\s+/g, ' ')).join(' ') || 'a line is missing'}`, () => {
      const { findings } = checkText('a.conf', changed(FILE, changes));
      assert.deepEqual(idsOf(findings), [id, ...also].sort());
    });
  }

  test('nginx-certificate-name: a certificate that is there is looked at', { skip: missing('openssl') }, t => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-certificate-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const found = (name: string) => {
      const { certificate } = makeCertificate(folder, name);
      const path = `/etc/letsencrypt/live/${DOMAIN}/fullchain.pem`;
      return idsOf(checkText('a.conf', changed(FILE, [[path, certificate]])).findings);
    };
    assert.deepEqual(found('other.example.com'), ['nginx-certificate-name']);
    assert.deepEqual(found(DOMAIN), []);
    assert.deepEqual(found('*.example.com'), []);
  });

  const SAME: Readonly<Record<string, readonly Change[]>> = {
    'flags in other letters': [
      ['proxy_buffering off', 'proxy_buffering OFF'],
      ['gzip off', 'gzip Off'],
      ['ignore_invalid_headers off', 'ignore_invalid_headers "oFF"'],
    ],
    'a named location behind try_files': [
      [ROOT, 'location / { try_files $uri @server; }\n    location @server {\n        proxy_pass http://mcp_server;'],
    ],
    'a rewrite of another path': inServer('rewrite ^/old$ /new permanent;'),
    'a rewrite that no client sees': inServer('rewrite ^/mcp$ /mcp/ last;'),
    'a return on a condition': inServer('if ($http_user_agent = "") { return 403; }'),
  };
  for (const [what, changes] of Object.entries(SAME)) {
    test(`no fault: ${what}`, () => {
      assert.deepEqual(checkText('a.conf', changed(FILE, changes)).findings, []);
    });
  }

  test('nginx-http2-parameter, from the release on that has a directive', () => {
    assert.deepEqual(idsOf(checkText('a.conf', FILE, nginxVersion('1.25.1')).findings), ['nginx-http2-parameter']);
    assert.deepEqual(checkText('a.conf', FILE, nginxVersion('1.25.0')).findings, []);
  });

  test('from the release on that keeps connections by itself, the lines for it may be left out', () => {
    const text = changed(FILE, [
      ['proxy_http_version 1.1;', ''],
      ['proxy_set_header Connection "";', ''],
    ]);
    assert.deepEqual(
      checkText('a.conf', text, nginxVersion('1.29.7')).findings.map(({ id }) => id),
      ['nginx-http2-parameter'],
    );
  });

  test('every rule has a case', () => {
    const covered = new Set([...CASES.map(({ id }) => id), 'nginx-http2-parameter', 'nginx-certificate-name']);
    assert.deepEqual(
      NGINX_RULES.map(({ id }) => id).filter(id => !covered.has(id)),
      [],
    );
  });
});
