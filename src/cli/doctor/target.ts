/** What `slipway doctor` was asked to examine. */
import { SlipwayError } from '../../protocol/coded-error.ts';

function refused(target: string, why: string): SlipwayError {
  return new SlipwayError('SLIP_DOCTOR_TARGET', { target, why });
}

/** Names of files that a server is written in; no top-level domain is called so. */
const SERVER_FILE = /\.[cm]?[jt]s$/i;

/** Whether the target is a file rather than a place on the network. */
export function isServerFile(target: string): boolean {
  return SERVER_FILE.test(target) && !/^[a-z][a-z0-9+.-]*:\/\//i.test(target);
}

/**
 * @param target as on the command line; without a scheme it is taken for https, as a browser does
 * @returns an http or https URL
 * @throws SlipwayError `SLIP_DOCTOR_TARGET`, `SLIP_CLI_USAGE`
 */
export function targetOf(target: string | undefined): string {
  if (target === undefined)
    throw new SlipwayError('SLIP_CLI_USAGE', {
      why: 'slipway doctor takes the URL of an MCP server, or a server file',
    });
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(target) ? target : `https://${target}`;
  const url = URL.parse(text);
  if (url === null) throw refused(target, 'it can not be read');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused(target, 'it is neither http nor https');
  // The URL itself is not repeated then.
  if (url.username !== '' || url.password !== '') {
    throw refused(`${url.origin}${url.pathname}`, 'it has a user or a password, which no MCP client sends');
  }
  return url.href;
}
