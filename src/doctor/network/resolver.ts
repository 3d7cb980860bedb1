/** Names to addresses, family by family. */
import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { Limits } from '../limits.ts';

export interface Addresses {
  readonly a: readonly string[];
  readonly aaaa: readonly string[];
  /** Who said so. `hosts`: this machine alone, not the DNS. `literal`: the URL has the address itself. */
  readonly from: 'dns' | 'hosts' | 'literal';
  /** Why there are none: `ENOTFOUND`, `ETIMEOUT`, ... */
  readonly failure?: string;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** The codes that mean: there is such a name, or not, and it has no such address. */
const NO_ANSWER = new Set(['ENODATA', 'ENOTFOUND']);

export class Resolver {
  readonly #own: dns.Resolver;
  readonly #isSystem: boolean;
  readonly #known = new Map<string, Promise<Addresses>>();

  /** @param server `address` or `address:port`; undefined: those of the system */
  constructor(server: string | undefined, { lookupMs }: Limits) {
    this.#own = new dns.Resolver({ timeout: lookupMs, tries: 2 });
    this.#isSystem = server === undefined;
    if (server !== undefined) this.#own.setServers([server]);
  }

  /** Never throws. The same name is looked up once. */
  resolve(host: string): Promise<Addresses> {
    const name = host.replace(/^\[|\]$/g, '');
    let known = this.#known.get(name);
    if (known === undefined) this.#known.set(name, (known = this.#resolve(name)));
    return known;
  }

  async #resolve(name: string): Promise<Addresses> {
    const version = isIP(name);
    if (version !== 0) {
      return { a: version === 4 ? [name] : [], aaaa: version === 6 ? [name] : [], from: 'literal' };
    }
    if (this.#isSystem && /(^|\.)localhost$/.test(name)) return this.#fromHosts(name, 'ENOTFOUND');
    const [a, aaaa] = await Promise.allSettled([this.#own.resolve4(name), this.#own.resolve6(name)]);
    const found = [a, aaaa].some(({ status }) => status === 'fulfilled');
    if (found) {
      return {
        a: a.status === 'fulfilled' ? a.value : [],
        aaaa: aaaa.status === 'fulfilled' ? aaaa.value : [],
        from: 'dns',
      };
    }
    const codes = [a, aaaa].map(result => (result.status === 'rejected' ? codeOf(result.reason) : ''));
    const failure = codes.find(code => !NO_ANSWER.has(code)) ?? codes[0]!;
    return this.#isSystem ? this.#fromHosts(name, failure) : { a: [], aaaa: [], from: 'dns', failure };
  }

  /** The hosts file and whatever else this machine asks. */
  async #fromHosts(name: string, failure: string): Promise<Addresses> {
    const found = await dns.lookup(name, { all: true }).catch((): LookupAddress[] => []);
    if (found.length === 0) return { a: [], aaaa: [], from: 'dns', failure };
    const of = (family: number) => found.filter(given => given.family === family).map(({ address }) => address);
    return { a: of(4), aaaa: of(6), from: 'hosts' };
  }
}
