/** The kinds of settings that say where something is on the network. */
import { parseAuthority } from '../../transport/http/authority.ts';
import { OriginGuard } from '../../transport/http/origin-guard.ts';
import { ProxyTrust } from '../../transport/http/proxy-trust.ts';
import { PublicUrl } from '../../transport/http/public-url.ts';
import { type Kind, list, Refused, text } from './kind.ts';

/** Whether what will use the text can be made of it. */
function makes(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}

export const listenAddress = text('an address or a host name', 'address', given => /^[\w.:%][\w.:%-]*$/.test(given));

const publicUrlText = text('an absolute http or https URL without user, query and fragment', 'url', given =>
  makes(() => new PublicUrl(given)),
);

export const publicUrl: Kind<string> = {
  ...publicUrlText,
  read: (given, place) => {
    const { username, password } = (typeof given === 'string' && URL.parse(given)) || { username: '', password: '' };
    // The URL itself is not repeated then.
    if (username !== '' || password !== '') return new Refused(undefined, { instead: 'one with a user or a password' });
    return publicUrlText.read(given, place);
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
  text('an origin', 'origin', given => makes(() => new OriginGuard([given]))),
);

export const proxies = list(
  'addresses',
  'IP addresses, networks such as 10.0.0.0/8 (not that of everybody), loopback or private',
  text('an address', 'address', given => makes(() => new ProxyTrust([given]))),
);
