import type { Command } from './command.ts';

export const deploy: Command = {
  name: 'deploy',
  summary: 'Write what runs a server in production: nginx, systemd, Caddy, Docker, Kubernetes; or check what you have',
  argument: {
    name: 'target',
    summary: 'machine (systemd and nginx), nginx, systemd, caddy, docker or kubernetes',
  },
  flags: [
    { name: 'domain', value: 'host', summary: 'host name that clients connect to: mcp.example.com' },
    { name: 'out', value: 'dir', summary: 'write the files there (default: print them)' },
    { name: 'force', summary: 'overwrite files that are there already' },
    { name: 'check', value: 'file', summary: 'say what is wrong with a file of nginx or a unit of systemd' },
    { name: 'json', summary: 'with --check: as JSON, for programs' },
    { name: 'name', value: 'name', summary: 'of the service, the image and so on (default: mcp-server)' },
    { name: 'dir', value: 'path', summary: 'folder of the server on its machine (default: /srv/mcp-server)' },
    { name: 'server', value: 'file', summary: 'server file in that folder (default: server.ts and the like)' },
    { name: 'port', value: 'number', summary: 'where the server listens (default: 8087)' },
    { name: 'user', value: 'name', summary: 'user of the service (default: one that systemd makes up)' },
    { name: 'node', value: 'path', summary: 'of Node (default: /usr/bin/node)' },
    {
      name: 'backend',
      value: 'address',
      summary: 'where the front finds a server (default: 127.0.0.1 and the port); may be repeated',
      list: true,
    },
    { name: 'nginx-version', value: 'version', summary: 'release of nginx (default: any from 1.18 on)' },
    { name: 'certificate', value: 'path', summary: "with its chain (default: that of Let's Encrypt)" },
    { name: 'certificate-key', value: 'path', summary: 'its key' },
    { name: 'acme-root', value: 'path', summary: 'folder that certbot writes into (default: /var/www/html)' },
    { name: 'max-body-bytes', value: 'bytes', summary: 'size of a request body (default: 4194304)' },
    { name: 'image', value: 'image', summary: 'of the container (default: registry.example.com/mcp-server:1.0.0)' },
  ],
  examples: [
    { line: 'slipway deploy machine --domain mcp.example.com --out deploy', does: 'a machine of your own' },
    { line: 'slipway deploy nginx --domain mcp.example.com', does: 'to look at' },
    { line: 'slipway deploy nginx --domain mcp.example.com --nginx-version 1.28.0', does: 'for one release' },
    { line: 'slipway deploy kubernetes --domain mcp.example.com --image me/mcp:1.0.0', does: 'manifests' },
    { line: 'slipway deploy --check /etc/nginx/conf.d/mcp.conf', does: 'exit code 1 when something is wrong' },
    { line: 'slipway deploy --check mcp-server.service --json', does: 'for programs' },
  ],
  run: async (target, values) => (await import('./deploy.ts')).deploy(target, values),
};
