/** Where clients reach this server, as its operator says. */
import { SlipwayError } from '../../protocol/coded-error.ts';
import { parseAuthority } from './authority.ts';

export class PublicUrl {
  /** `https://mcp.example.com/mcp`, without a slash at the end. */
  readonly href: string;
  /** `https://mcp.example.com` */
  readonly origin: string;
  /** `mcp.example.com`; IPv6 in brackets. */
  readonly hostname: string;
  readonly isHttps: boolean;

  /** @throws SlipwayError SLIP_INVALID_OPTION */
  constructor(text: string) {
    const url = URL.parse(text);
    const why = faultOf(text, url);
    if (url === null || why !== undefined) {
      throw new SlipwayError('SLIP_INVALID_OPTION', { option: 'publicUrl', why: `'${text}' ${why}` });
    }
    this.href = url.href.replace(/\/+$/, '');
    this.origin = url.origin;
    this.hostname = url.hostname;
    this.isHttps = url.protocol === 'https:';
  }

  /** @returns undefined where there is none */
  static of(text: string | undefined): PublicUrl | undefined {
    return text === undefined ? undefined : new PublicUrl(text);
  }

  /** Whether a Host header names this server as its clients do, whatever the port. */
  isNamedBy(host: string | undefined): boolean {
    return host !== undefined && parseAuthority(host)?.name === this.hostname;
  }
}

function faultOf(text: string, url: URL | null): string | undefined {
  if (url === null || !/^https?:\/\//i.test(text)) return 'is not a URL such as https://mcp.example.com';
  if (url.username !== '' || url.password !== '') return 'has credentials';
  if (url.search !== '' || url.hash !== '' || text.includes('?') || text.includes('#'))
    return 'has a query or a fragment';
  return undefined;
}

/** The hosts to answer to: those that are allowed, and the public one. Proxies may leave the port out, so it is any. */
export function hostsWith(
  allowed: readonly string[] | undefined,
  publicUrl: PublicUrl | undefined,
): readonly string[] | undefined {
  return publicUrl === undefined ? allowed : [...(allowed ?? []), publicUrl.hostname];
}

/** The origins to answer to: those that are allowed, and the public one. */
export function originsWith(
  allowed: readonly string[] | undefined,
  publicUrl: PublicUrl | undefined,
): readonly string[] | undefined {
  return publicUrl === undefined ? allowed : [...(allowed ?? []), publicUrl.origin];
}
