/** The compose file: the image and Caddy in front of it, on one machine. */
import { DEFAULT_LIMITS } from '../../transport/http/limits.ts';
import { type Deployment, publicUrlOf } from '../deployment.ts';
import { stateFolder } from './dockerfile.ts';

/** The file, without the commands at its end. */
export function composeFile(deployment: Deployment): string {
  const { domain, name, image, port, maxBodyBytes } = deployment;
  const limit = maxBodyBytes === DEFAULT_LIMITS.maxBodyBytes ? '' : `\n      SLIPWAY_MAX_BODY_BYTES: "${maxBodyBytes}"`;
  return `# The MCP server ${domain} and Caddy in front of it, on one machine. Written by slipway deploy docker.
#
# It belongs beside the Dockerfile and the Caddyfile. The name has to lead to this machine.

name: ${name}

services:
  ${name}:
    build: .
    image: ${image}
    restart: unless-stopped
    # Reaps what tools start and forget.
    init: true
    environment:
      # Where clients reach it; requests for other names are refused.
      SLIPWAY_PUBLIC_URL: ${publicUrlOf(deployment)}
      SLIPWAY_ALLOWED_HOSTS: ${domain}${limit}
    # Only Caddy reaches it.
    expose: ["${port}"]
    networks: [front]
    # Sessions and keys outlive the container.
    volumes:
      - state:${stateFolder(deployment)}
    # Nothing else can be written, and there are no privileges.
    read_only: true
    tmpfs: [/tmp]
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    mem_limit: 1g
    pids_limit: 512
    ulimits:
      nofile: 65536
    # A drain: 5 s of lame duck, 30 s for calls, and what follows.
    stop_grace_period: 60s

  caddy:
    image: caddy:2
    restart: unless-stopped
    ports:
      - "80:80"
      - "443:443"
      - "443:443/udp"
    networks: [front]
    volumes:
      - ./Caddyfile:/etc/caddy/Caddyfile:ro
      - certificates:/data
      - caddy-config:/config
    read_only: true
    tmpfs: [/tmp]
    cap_drop: [ALL]
    cap_add: [NET_BIND_SERVICE]
    security_opt: ["no-new-privileges:true"]
    stop_grace_period: 40s
    depends_on:
      ${name}:
        condition: service_healthy

networks:
  front:

volumes:
  state:
  certificates:
  caddy-config:
`;
}
