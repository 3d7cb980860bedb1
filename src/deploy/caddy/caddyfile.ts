/** The Caddyfile: one site in front of one MCP server. Certificates, HTTP/2 and the way from http to https come by themselves. */
import type { Deployment } from '../deployment.ts';

function balancing({ backends }: Deployment): string {
  if (backends.length < 2) return '';
  return `
		# A session of the 2025 era has its streams and its open questions where it began: its requests stay with one
		# server. All others go anywhere. Every server needs the same secrets (slipway-secrets).
		lb_policy header Mcp-Session-Id
		fail_duration 10s
`;
}

/** The site alone. */
function site(deployment: Deployment): string {
  const { domain, backends, maxBodyBytes } = deployment;
  return `${domain} {
	# The server takes half of it (SLIPWAY_MAX_BODY_BYTES) and answers more with 413 at once. This ends what is sent in vain,
	# late enough for that answer: a body that is cut off here may become a 502.
	request_body {
		max_size ${2 * maxBodyBytes}
	}

	# Every path, as it is: /, /mcp and /mcp/ answer without a redirect. No CORS headers and no encode here: the server
	# sends each header once, and its streams must not be compressed.
	#
	# From 2.11.4 on Caddy drops request headers whose names have underscores or dots, and has no option against that: give
	# headers that mirror arguments (x-mcp-header) names of letters, digits and dashes, or the server refuses those calls.
	reverse_proxy ${backends.join(' ')} {
		# Each event is passed on as it comes.
		flush_interval -1

		# While the server restarts, requests that can not be sent wait for the next one. What was sent to a server is never
		# sent to another.
		lb_try_duration 15s
		lb_try_interval 250ms
${balancing(deployment)}
		# One id for a request in the logs of both. Host and X-Forwarded-... are as they should be by themselves.
		header_up X-Request-Id {http.request.uuid}

		transport http {
			dial_timeout 5s
			# Idle connections end before a server that stops ceases to answer on them (SLIPWAY_LAME_DUCK_MS, 5 s): a
			# restart loses no call.
			keepalive 4s
			keepalive_idle_conns_per_host 64
			# Only the server decides about compression.
			compression off
		}
	}

	# One JSON line per request, without the query: that of a sign-in has codes in it.
	log {
		output stdout
		format filter {
			wrap json
			fields {
				request>uri regexp \\?.* ?
			}
		}
	}
}
`;
}

/** The file, without the commands at its end. */
export function caddyfile(deployment: Deployment): string {
  return `# Caddy in front of the MCP server ${deployment.domain}, for Caddy 2.6 and later. Written by slipway deploy.
#
# It belongs into /etc/caddy/Caddyfile. Caddy gets the certificate itself: the name has to lead to this machine, and
# ports 80 and 443 have to be open. All users of Claude come from a few addresses, so calls are limited by caller, in the server
# (SLIPWAY_RATE_LIMIT_PER_PRINCIPAL).
{
	# A reload ends streams that are still open after this time; their clients come back.
	grace_period 30s
}

${site(deployment)}`;
}
