/** The nginx file: one site in front of one MCP server. */
import { codedBody } from '../../transport/http/error-body.ts';
import type { Deployment } from '../deployment.ts';
import { TLS_CIPHERS, TLS_CURVES, TLS_PROTOCOLS } from './tls.ts';
import { HTTP2_DIRECTIVE, isAtLeast, OLDEST } from './version.ts';

/** Bytes as nginx writes them. */
function sizeOf(bytes: number): string {
  if (bytes % 1024 ** 2 === 0) return `${bytes / 1024 ** 2}m`;
  return bytes % 1024 === 0 ? `${bytes / 1024}k` : String(bytes);
}

/** JSON as a word of nginx, which would take a `$` for a variable. */
function quoted(json: string): string {
  return `'${json.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('$', '')}'`;
}

/** Names of nginx are shared by all sites of a machine. */
export function nginxName({ name }: Deployment): string {
  return name.replaceAll('-', '_');
}

function upstream(deployment: Deployment): string {
  const name = nginxName(deployment);
  const { backends } = deployment;
  const several = backends.length > 1;
  const affinity = `# A session of the 2025 era has its streams and its open questions where it began: its requests stay with one server.
# All others go anywhere. Every server needs the same secrets (slipway-secrets), or it refuses the others' sessions.
map $http_mcp_session_id $${name}_affinity {
    ""      $request_id;
    default $http_mcp_session_id;
}

`;
  return `${several ? affinity : ''}# The server. An address rather than localhost, which may mean ::1 first, where nobody listens.
upstream ${name} {
    zone ${name} 64k;
${several ? `    hash $${name}_affinity consistent;\n` : ''}${backends.map(backend => `    server ${backend};`).join('\n')}

    # Connections are kept for the next request. Idle ones end before a server that stops ceases to answer on them
    # (SLIPWAY_LAME_DUCK_MS, 5 s): a restart loses no call.
    keepalive 64;
    keepalive_requests 100000;
    keepalive_timeout 4s;
}`;
}

function listens({ nginxVersion }: Deployment): string {
  if (isAtLeast(nginxVersion, HTTP2_DIRECTIVE)) {
    return `    listen 443 ssl;
    listen [::]:443 ssl;
    http2 on;`;
  }
  const note =
    nginxVersion === undefined
      ? `    # From nginx ${HTTP2_DIRECTIVE} on, 'http2 on;' takes the place of this parameter, and nginx warns of it.\n`
      : '';
  return `${note}    listen 443 ssl http2;
    listen [::]:443 ssl http2;`;
}

function head({ domain, name, nginxVersion, acmeRoot }: Deployment): string {
  const valid = nginxVersion === undefined ? `nginx ${OLDEST} and later` : `nginx ${nginxVersion.text}`;
  return `# nginx in front of the MCP server ${domain}, for ${valid}. Written by slipway deploy nginx.
#
# It belongs into the http block of nginx: /etc/nginx/conf.d/${name}.conf. The server listens on this machine or in a
# private network; only nginx is reached from outside. What belongs outside of the http block, into nginx.conf:
#   worker_shutdown_timeout 60s;   a reload ends streams that are still open after this time
#   worker_connections 8192;       each open stream takes two of them
# ${acmeRoot} is the folder that port 80 served before this file; certbot puts its answers there.`;
}

function plainServer(deployment: Deployment): string {
  const { domain, acmeRoot } = deployment;
  return `server {
    listen 80;
    listen [::]:80;
    server_name ${domain};
    server_tokens off;
    access_log /var/log/nginx/access.log ${nginxName(deployment)};

    # The certificate authority asks here whether the name is ours, now and at every renewal.
    location ^~ /.well-known/acme-challenge/ {
        root ${acmeRoot};
        default_type text/plain;
    }

    # 308 keeps the method and the body; 301 has clients repeat a POST as a GET. Publish the https URL all the same.
    location / {
        return 308 https://${domain}$request_uri;
    }
}`;
}

function tls(deployment: Deployment): string {
  return `    # TLS as Mozilla recommends for servers that everybody may reach (intermediate, version 5.8).
    # The certificate with its chain: clients do not fetch what is missing.
    ssl_certificate ${deployment.certificate};
    ssl_certificate_key ${deployment.certificateKey};
    ssl_protocols ${TLS_PROTOCOLS.join(' ')};
    ssl_ciphers ${TLS_CIPHERS.join(':')};
    ssl_ecdh_curve ${TLS_CURVES.join(':')};
    ssl_prefer_server_ciphers off;
    ssl_session_timeout 1d;
    ssl_session_cache shared:${nginxName(deployment)}_tls:10m;
    ssl_session_tickets off;`;
}

function requests({ maxBodyBytes }: Deployment): string {
  return `    # As much as the server takes (SLIPWAY_MAX_BODY_BYTES); more is 413. Most bodies never touch the disk.
    client_max_body_size ${sizeOf(maxBodyBytes)};
    client_body_buffer_size 256k;
    # As many bytes of headers as the server takes (SLIPWAY_MAX_HEADER_BYTES): access tokens can be long.
    large_client_header_buffers 4 16k;
    # Mcp-Param-... headers repeat arguments of tools, and their names may have underscores and dots: nginx would drop
    # those, and the server would refuse the call.
    ignore_invalid_headers off;
    keepalive_requests 10000;`;
}

function answers(): string {
  return `    # Streams: each event is passed on as it comes, never collected, compressed or kept. The server sends a comment every
    # 15 s (SLIPWAY_KEEP_ALIVE_MS), so only a server that is gone is silent for as long as these times.
    proxy_buffering off;
    proxy_cache off;
    gzip off;
    proxy_read_timeout 3600s;
    proxy_send_timeout 3600s;
    proxy_connect_timeout 5s;
    # A connection to a server on another machine may die without a word.
    proxy_socket_keepalive on;
    # proxy_next_upstream stays as it is: what was sent to a server is never sent to another, because a call may not be
    # made twice.`;
}

function forwarding(): string {
  return `    # HTTP/1.1 without the client's Connection header: what keeps connections, and what streams need.
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    # The name that the client asked for: the server refuses names that are not its own (SLIPWAY_ALLOWED_HOSTS).
    proxy_set_header Host $host;
    # Who asked, and how. The server believes it from this address only (SLIPWAY_TRUSTED_PROXIES).
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-Host $host;
    # One id for a request in the logs of both.
    proxy_set_header X-Request-Id $request_id;`;
}

function locations(deployment: Deployment): string {
  const name = nginxName(deployment);
  const tooLarge = codedBody('SLIP_BODY_TOO_LARGE', { limit: deployment.maxBodyBytes });
  const unreachable = codedBody('SLIP_BACKEND_UNREACHABLE', {}, true);
  return `    # No CORS headers here, and no answer to OPTIONS: the server sends each of them once, for the origins it knows.

    # Every path goes to the server as it is: /, /mcp and /mcp/ answer without a redirect.
    location / {
        proxy_pass http://${name};
    }

    # By address only the sign-in is limited. All users of Claude come from a few addresses, so calls are limited by
    # caller, in the server (SLIPWAY_RATE_LIMIT_PER_PRINCIPAL).
    location ~ ^/(authorize|token|register|revoke)(/|$) {
        limit_req zone=${name}_sign_in burst=100 nodelay;
        limit_req_status 429;
        proxy_pass http://${name};
    }

    # What nginx answers itself is in the language of MCP too. Answers of the server pass as they are.
    error_page 413 @too_large;
    error_page 502 504 = @unreachable;
    location @too_large {
        default_type application/json;
        return 413 ${quoted(tooLarge)};
    }
    location @unreachable {
        default_type application/json;
        add_header Retry-After 1 always;
        return 503 ${quoted(unreachable)};
    }`;
}

/**
 * nginx keeps the names of sites in slots of 64 bytes, and does not start when one needs more: not even where it is the
 * only long one.
 */
function longName({ domain }: Deployment): string {
  const needed = 8 * Math.ceil((domain.length + 2) / 8) + 16;
  if (needed <= 64) return '';
  return `# The name of this site is longer than nginx expects. Leave this out where nginx.conf says as much, or more, already.
server_names_hash_bucket_size ${2 ** Math.ceil(Math.log2(needed))};

`;
}

/** The file, without the commands at its end. */
export function nginxSite(deployment: Deployment): string {
  const name = nginxName(deployment);
  return `${head(deployment)}

${upstream(deployment)}

limit_req_zone $binary_remote_addr zone=${name}_sign_in:1m rate=10r/s;

# Without the query: that of a sign-in has codes in it.
log_format ${name} '$remote_addr [$time_iso8601] "$request_method $uri $server_protocol" $status $body_bytes_sent '
    '$request_time $upstream_response_time $request_id "$http_user_agent"';

${longName(deployment)}${plainServer(deployment)}

server {
${listens(deployment)}
    server_name ${deployment.domain};
    server_tokens off;
    access_log /var/log/nginx/access.log ${name};

${tls(deployment)}

${requests(deployment)}

${answers()}

${forwarding()}

${locations(deployment)}
}
`;
}
