/** Which slipway a new project depends on. */
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { version } from '../../host/version.ts';
import { SlipwayError } from '../../protocol/coded-error.ts';

export interface Release {
  /** What `package.json` says. */
  readonly spec: string;
  /** A file that goes into the project: it is then there as well where the project is built, in an image for example. */
  readonly tarball: string | undefined;
}

const PATH = /^(file:|\.{1,2}[/\\]|[/\\]|[A-Za-z]:[/\\])/;
const TARBALL = /\.t(ar\.)?gz$/;

/**
 * @param given with `--slipway`: a version, a URL, or the path of a tarball or checkout, relative to the current folder;
 * default: this release
 * @throws SlipwayError `SLIP_CLI_USAGE` for a path where nothing is
 */
export function releaseOf(given: string | undefined): Release {
  if (given === undefined) return { spec: `^${version()}`, tarball: undefined };
  if (!PATH.test(given) && (!TARBALL.test(given) || /^\w+:/.test(given))) return { spec: given, tarball: undefined };
  const path = resolve(given.replace(/^file:/, ''));
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new SlipwayError('SLIP_CLI_USAGE', { why: `--slipway names '${given}', and there is no such file` });
  }
  if (found.isDirectory()) return { spec: `file:${path}`, tarball: undefined };
  return { spec: `file:${basename(path)}`, tarball: path };
}
