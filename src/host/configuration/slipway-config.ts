/** What a `slipway.config.ts` may say. Each key is an environment variable and a flag of `slipway start` as well. */
import type { Hook, ReadinessCheck } from '../../server/lifecycle-hooks.ts';
import type { ResponseMode, SessionMode } from '../../transport/http/endpoint-options.ts';
import type { HttpLimits } from '../../transport/http/limits.ts';
import type { AuditRecord } from '../sight/audit-trail-record.ts';

/** In place of a value: there is none, whatever a default or an earlier source says. */
export type Off = 'off' | 'none';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** How much, and in which time: `600/1m`, `10/s`, `5000/24h`. */
export type RateText = `${number}/${number | ''}${'s' | 'm' | 'h'}`;

/** Times are whole milliseconds, sizes bytes; paths are relative to the file that names them. */
export interface SlipwayConfig extends Partial<HttpLimits> {
  /** The server file; default: `server.ts`, `server.mts`, `server.js` or `server.mjs`, here or in `src/`. */
  server?: string;
  /** Default 8087; 0 picks a free one. */
  port?: number;
  /** The address to listen on; default 127.0.0.1. */
  host?: string;
  /** Where clients reach the server when something stands in front: `https://mcp.example.com`. */
  publicUrl?: string | Off;
  /** Host names that are answered, with or without port; default: loopback names on loopback addresses. `*`: any. */
  allowedHosts?: readonly string[] | Off;
  /** Origins of browser pages that are answered beside Claude's own; `*`: any. */
  allowedOrigins?: readonly string[] | Off;
  /** Addresses of proxies whose `Forwarded` headers are believed: IP, CIDR, `loopback`, `private`. Default: none. */
  trustedProxies?: readonly string[] | Off;
  /** How answers are framed; default `auto`. */
  responseMode?: ResponseMode;
  /** `reject`: only 2026-07-28 and later; default `stateless`: the 2025 era too. */
  legacy?: 'stateless' | 'reject';
  /** Sessions of the 2025 era; default `optional`. */
  sessions?: SessionMode;
  /** Milliseconds that a session lives at most; default 7 days. */
  sessionTtlMs?: number;
  /** Milliseconds after which a client whose stream has ended comes back; default 1,000. */
  retryMs?: number;
  /** Serves the transport of 2024-11-05 too, on `/sse` and `/messages`; default false. */
  httpSse?: boolean;
  /** What outlives a restart; `none`: nothing does. Default: `.slipway/state/<server file>`. */
  stateDir?: string;
  /** The root secrets, the one that seals first; at least 32 bytes each. Default: the key file of the state directory. */
  secrets?: readonly string[];
  /** Processes that serve one port; `auto`: one for each core. Default: none, this process serves by itself. */
  workers?: number | 'auto' | Off;
  /** What one principal may use in a time: a request is 1, a call what its tool costs. Default: off. */
  rateLimitPerPrincipal?: RateText | Off;
  /** The same for one client address without a token. Default: off. */
  rateLimitPerAddress?: RateText | Off;
  /** What one caller may use of one tool in a time. Default: off. */
  rateLimitPerTool?: RateText | Off;
  /** Calls of one caller that are answered at the same time. Default: off. */
  maxConcurrentPerCaller?: number | Off;
  /** Characters of a tool result above which the log warns; default 140,000, close to what Claude cuts off. */
  resultWarningChars?: number | Off;
  /** Characters of a tool result above which it becomes an error. Default: off. */
  maxResultChars?: number | Off;
  /** Milliseconds that a tool may take. Default: off, so `requestTimeoutMs` holds. */
  toolTimeoutMs?: number | Off;
  /** Milliseconds that the result of a call with an idempotency key is kept; default 24 hours. */
  idempotencyTtlMs?: number;
  /** Milliseconds that calls in flight have when the server stops; default 30,000. */
  drainGraceMs?: number;
  /** Milliseconds in which a stopping server still serves, so that traffic can turn away; default 5,000. */
  lameDuckMs?: number;
  /** The port of `/metrics`, `/healthz` and `/readyz` with details; 0 picks a free one. Default: off. */
  adminPort?: number | Off;
  /** The address of the admin port; default 127.0.0.1. */
  adminHost?: string;
  /** The least that is logged; default `info`. */
  logLevel?: LogLevel;
  /** `auto`: pretty on a terminal, JSON lines elsewhere; default `auto`. */
  logFormat?: 'auto' | 'json' | 'pretty';
  /** `stderr`, `stdout` or the path of a file; default `stderr`. */
  logFile?: string;
  /** One line for each call; default true. */
  accessLog?: boolean;
  /** The file that who called what is written to. Default: off. */
  auditFile?: string | Off;
  /** What the audit keeps of arguments: their hash, a redacted view, nothing; default `hash`. */
  auditArguments?: 'hash' | 'redacted' | 'none';
  /** OpenTelemetry spans. `auto`: where an SDK is registered; default `auto`. */
  tracing?: 'auto' | 'on' | 'off';
  /** Leaves out what `slipway start` prints for people; default false. */
  quiet?: boolean;
  /** Runs before the server listens. */
  onStart?: Hook;
  /** Runs when nothing is in flight any more. */
  onStop?: Hook;
  /** What has to hold for the server to be ready, beside its own checks. */
  ready?: ReadinessCheck;
  /** Receives each record of the audit. */
  onAudit?: AuditSink;
}

/** Receives one record for each call. */
export type AuditSink = (record: AuditRecord) => unknown;

/** What the file exports as its default: the configuration, or a function that returns it. */
export type ConfigExport = SlipwayConfig | (() => SlipwayConfig | Promise<SlipwayConfig>);

/**
 * The default export of `slipway.config.ts`: gives back what it is given, so that the editor knows the keys and a
 * misspelt one does not compile.
 *
 * @param config the configuration, or a function that returns it or a promise of it
 * @example
 * export default defineConfig({ port: 3000, stateDir: '/var/lib/weather' });
 */
export function defineConfig(config: ConfigExport): ConfigExport {
  return config;
}
