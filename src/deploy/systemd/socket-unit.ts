/** The socket unit: systemd holds the port, whatever the server does. */
import type { Deployment } from '../deployment.ts';

/** The file, without the commands at its end. */
export function socketUnit({ domain, name, port }: Deployment): string {
  return `# The port of the MCP server ${domain}, held by systemd. Written by slipway deploy systemd.
#
# It belongs into /etc/systemd/system/${name}.socket, beside ${name}.service.

[Unit]
Description=Port of the MCP server ${domain}

[Socket]
# For the proxy on this machine only. With a proxy on another machine: the address of this one in the private network, and
# SLIPWAY_TRUSTED_PROXIES=private in the service.
ListenStream=127.0.0.1:${port}
# The server finds its port by this name, and takes all connections itself.
FileDescriptorName=http
Accept=no
# Connections that may wait while the server restarts (at most net.core.somaxconn).
Backlog=4096
NoDelay=yes

[Install]
WantedBy=sockets.target
`;
}
