/** What a new server depends on: the versions that this release is tested with (a test compares them). */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { version } from '../../host/version.ts';

export const ZOD = '^4.6.7';
export const TYPESCRIPT = '^7.0.2';

/** The types of the Node that runs now: what compiles should run. */
export function nodeTypes(): string {
  return `^${process.versions.node.split('.')[0]}.0.0`;
}

/**
 * What `package.json` says of slipway.
 *
 * @param given with `--slipway`: a version, a URL, or the path of a tarball or checkout, relative to the current folder;
 * default: this release
 */
export function slipwayDependency(given: string | undefined): string {
  if (given === undefined) return `^${version()}`;
  const path = given.replace(/^file:/, '');
  const isPath =
    /^(file:|\.{1,2}[/\\]|[/\\]|[A-Za-z]:[/\\])/.test(given) || (/\.t(ar\.)?gz$/.test(given) && existsSync(path));
  return isPath ? `file:${resolve(path)}` : given;
}
