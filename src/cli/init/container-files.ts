/** How a new project becomes an image: the files of `slipway deploy docker` that need no domain. */
import { deploymentOf } from '../../deploy/deployment.ts';
import { dockerfile, dockerignore } from '../../deploy/docker/dockerfile.ts';

/** Names of folders in the image are stricter than those of packages. */
export function imageName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'mcp-server' : plain;
}

/** @param serverName named in the comments */
export function containerFiles(serverName: string): Readonly<Record<'Dockerfile' | '.dockerignore', string>> {
  const deployment = deploymentOf({ domain: 'mcp.example.com', name: imageName(serverName) });
  return { Dockerfile: dockerfile({ ...deployment, domain: serverName }), '.dockerignore': dockerignore() };
}
