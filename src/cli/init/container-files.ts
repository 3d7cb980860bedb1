/** How a new project becomes an image: the files of `slipway deploy docker` that need no domain. */
import { deploymentOf } from '../../deploy/deployment.ts';
import { deploymentNameLike } from '../../deploy/deployment-name.ts';
import { dockerfile, dockerignore } from '../../deploy/docker/dockerfile.ts';

/** A name for the image and for what is in it; that of a package may have other characters, and be longer. */
export const imageName = deploymentNameLike;

/** @param serverName named in the comments */
export function containerFiles(serverName: string): Readonly<Record<'Dockerfile' | '.dockerignore', string>> {
  const deployment = deploymentOf({ domain: 'mcp.example.com', name: imageName(serverName) });
  return { Dockerfile: dockerfile({ ...deployment, domain: serverName }), '.dockerignore': dockerignore() };
}
