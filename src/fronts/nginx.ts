import { type Front, headerMatches } from './front.ts';

const language = 'nginx';

export const nginx: Front = {
  name: 'nginx',
  recognise: (headers, body) =>
    headerMatches(headers, 'server', /^(nginx|openresty|angie|freenginx)\b/i) || /<center>nginx\b/i.test(body),
  snippets: [
    {
      rows: [5],
      language,
      text: `# The certificate with its chain, not cert.pem.
ssl_certificate /etc/letsencrypt/live/mcp.example.com/fullchain.pem;`,
    },
    {
      rows: [7, 9, 11],
      language,
      text: `# The root, without a path behind the upstream: /mcp and /mcp/ both reach the server as they are.
location / {
    proxy_pass http://127.0.0.1:8087;
}`,
    },
    {
      rows: [8],
      language,
      text: `# 308 keeps the method; publish the https URL all the same.
return 308 https://$server_name$request_uri;`,
    },
    {
      rows: [16],
      language,
      text: `# By address for the sign-in only: all users of Claude come from a few addresses.
limit_req_zone $binary_remote_addr zone=sign_in:1m rate=10r/s;
location ~ ^/(authorize|token|register)(/|$) {
    limit_req zone=sign_in burst=100 nodelay;
    limit_req_status 429;
    proxy_pass http://127.0.0.1:8087;
}`,
    },
    { rows: [18], language, text: 'auth_basic off;' },
    {
      rows: [19],
      language,
      text: 'proxy_set_header Host $host;',
    },
    { rows: [23], language, text: 'client_max_body_size 4m;' },
    { rows: [24], language, text: 'proxy_set_header Authorization $http_authorization;' },
    {
      rows: [25],
      language,
      text: `proxy_buffering off;
proxy_cache off;`,
    },
    { rows: [26], language, text: 'gzip off;' },
    {
      rows: [27, 28],
      language,
      text: `proxy_read_timeout 3600s;
proxy_send_timeout 3600s;`,
    },
    {
      rows: [31],
      language,
      text: `# And no line that turns chunked_transfer_encoding off.
proxy_http_version 1.1;
proxy_set_header Connection "";`,
    },
    {
      rows: [33, 37],
      language,
      text: `# Beside server { }, for a server that speaks nothing newer than 2025-11-25:
map $http_mcp_protocol_version $mcp_protocol_version {
    default $http_mcp_protocol_version;
    2026-07-28 2025-11-25;
}
# In the location:
proxy_set_header MCP-Protocol-Version $mcp_protocol_version;`,
    },
    {
      rows: [38],
      language,
      text: `# And no line that writes a version of its own into it.
proxy_set_header MCP-Protocol-Version $http_mcp_protocol_version;`,
    },
    {
      rows: [57],
      language,
      text: `proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $scheme;
proxy_set_header X-Forwarded-Host $host;`,
    },
    {
      rows: [86, 87, 88, 89],
      language,
      text: `# Remove every add_header Access-Control-... and what answers OPTIONS: the server sends these headers itself.
# Where the server can not, let nginx be the only one:
proxy_hide_header Access-Control-Allow-Origin;`,
    },
  ],
};
