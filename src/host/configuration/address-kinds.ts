/** The kinds of settings that say where something is on the network. */
import { isIP } from 'node:net';
import { parseAuthority } from '../../transport/http/authority.ts';
import { OriginGuard } from '../../transport/http/origin-guard.ts';
import { type Kind, list, Refused, text } from './kind.ts';

export const listenAddress = text('an address or a host name', 'address', given => /^[\w.:%-]+$/.test(given));

export const publicUrl: Kind<string> = {
  allowed: 'an absolute http or https URL without user, query and fragment',
  placeholder: 'url',
  read: given => {
    const url = typeof given === 'string' ? URL.parse(given) : null;
    if (url === null || !/^https?:$/.test(url.protocol) || !/^https?:\/\//i.test(given as string)) {
      return new Refused(given);
    }
    // Its own text is not repeated: it may hold a password.
    if (url.username !== '' || url.password !== '')
      return new Refused(undefined, { instead: 'one with a user or a password' });
    return /[?#]/.test(given as string) ? new Refused(given) : (given as string);
  },
};

export const hostNames = list(
  'hosts',
  'host names such as mcp.example.com or mcp.example.com:8443, or *',
  text('a host name', 'host', given => given === '*' || parseAuthority(given) !== undefined),
);

export const origins = list(
  'origins',
  'origins such as https://app.example.com, or *',
  text('an origin', 'origin', given => {
    try {
      return new OriginGuard([given]) !== undefined;
    } catch {
      return false;
    }
  }),
);

/** `10.0.0.0/8`, `fd00::/8`. */
function isAddressRange(given: string): boolean {
  const [address, bits, ...more] = given.split('/');
  const version = isIP(address!);
  if (version === 0 || more.length > 0) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

const PROXY_WORDS = new Set(['loopback', 'private']);

export const proxies = list(
  'addresses',
  'IP addresses, CIDR ranges such as 10.0.0.0/8, loopback or private',
  text('an address', 'address', given => PROXY_WORDS.has(given) || isAddressRange(given)),
);
