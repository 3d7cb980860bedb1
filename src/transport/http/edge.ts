/** What stands between strangers and an endpoint: proxies, names, headers, limits. */
import { SlipwayError } from '../../protocol/coded-error.ts';
import type { Logger } from '../../server/logger.ts';
import { CallerConcurrency } from './caller-concurrency.ts';
import { HostGuard } from './host-guard.ts';
import { OriginGuard } from './origin-guard.ts';
import { ProxyTrust } from './proxy-trust.ts';
import { hostsWith, originsWith, PublicUrl } from './public-url.ts';
import type { LimiterFactory } from './rate-limit-window.ts';
import { type RateLimitOptions, RateLimits } from './rate-limits.ts';
import { SecurityHeaders } from './security-headers.ts';

export interface EdgeOptions extends RateLimitOptions {
  /** Where clients reach this server: `https://mcp.example.com`. Its host and its origin are allowed. */
  publicUrl?: string;
  /**
   * Proxies in front whose `X-Forwarded-*`, `Forwarded` and `X-Request-Id` are believed: IP addresses, networks
   * (`10.0.0.0/8`), `loopback`, `private`. Default: none.
   */
  trustedProxies?: readonly string[];
  /** Calls of one caller that one process answers at the same time; one more is answered 429. Default: any number. */
  maxConcurrentPerCaller?: number;
}

/** The names that an endpoint answers to; see `EndpointOptions`. */
export interface GuardOptions {
  allowedHosts?: readonly string[];
  allowedOrigins?: readonly string[];
  guard?: boolean;
}

export class Edge {
  readonly publicUrl: PublicUrl | undefined;
  /** Undefined where no proxy is trusted. */
  readonly proxies: ProxyTrust | undefined;
  /** Undefined where something in front guards. */
  readonly hosts: HostGuard | undefined;
  readonly origins: OriginGuard | undefined;
  readonly headers: SecurityHeaders;
  readonly limits: RateLimits;
  /** Undefined where there is no limit. */
  readonly callers: CallerConcurrency | undefined;

  /**
   * @param limiters makes what counts; called when a limit is first needed
   * @throws SlipwayError SLIP_INVALID_OPTION
   */
  constructor(options: EdgeOptions & GuardOptions, limiters: LimiterFactory, logger: () => Logger) {
    const { maxConcurrentPerCaller } = options;
    this.publicUrl = PublicUrl.of(options.publicUrl);
    this.proxies = ProxyTrust.of(options.trustedProxies);
    if (options.guard !== false) {
      this.hosts = new HostGuard(hostsWith(options.allowedHosts, this.publicUrl));
      this.origins = new OriginGuard(originsWith(options.allowedOrigins, this.publicUrl), this.hosts);
    }
    this.headers = new SecurityHeaders(this.publicUrl);
    this.limits = new RateLimits(options, limiters, logger);
    if (
      maxConcurrentPerCaller !== undefined &&
      !(Number.isSafeInteger(maxConcurrentPerCaller) && maxConcurrentPerCaller > 0)
    ) {
      const why = `${String(maxConcurrentPerCaller)} is no whole number above zero`;
      throw new SlipwayError('SLIP_INVALID_OPTION', { option: 'maxConcurrentPerCaller', why });
    }
    this.callers = CallerConcurrency.of(maxConcurrentPerCaller);
  }
}
