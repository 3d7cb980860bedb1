/**
 * Every key of the configuration. The flags of the command, the names in the environment, what is allowed, `slipway config`
 * and the table of docs/reference/configuration.md all come from here.
 */
import type { Hook, ReadinessCheck } from '../../server/lifecycle-hooks.ts';
import { parseRate, RATE_FORMAT } from '../../transport/http/rate.ts';
import { hostNames, listenAddress, origins, proxies, publicUrl } from './address-kinds.ts';
import { DEFAULTS, type DefaultedKey } from './defaults.ts';
import { boolean, callback, integer, type Kind, milliseconds, oneOf, path, port, Refused, wordOr } from './kind.ts';
import { secretList } from './secret-kind.ts';
import type { AuditSink, Off, RateText, SlipwayConfig } from './slipway-config.ts';

export type ConfigurationKey = keyof SlipwayConfig;

type Uncleared<Value> = [Off] extends [Value] ? Exclude<Value, Off> : Value;

/** The values in effect: those of {@link SlipwayConfig}, paths absolute, defaults filled in, `off` and `none` undefined. */
export type Configuration = {
  readonly [Key in ConfigurationKey]-?: Key extends DefaultedKey
    ? Uncleared<NonNullable<SlipwayConfig[Key]>>
    : Uncleared<NonNullable<SlipwayConfig[Key]>> | undefined;
};

export interface Setting<Value = unknown> {
  readonly kind: Kind<Value>;
  readonly summary: string;
  /** What holds where there is no value; a setting without this always has one. `off` and `none` lead here. */
  readonly absent?: string;
  /** What `off` and `none` mean for one that has a default. */
  readonly cleared?: Value;
  /** Shown by `slipway start --help`. */
  readonly common?: true;
  /** `file`: a function, only a file has it. `argument`: no flag, the command's argument. `hidden`: never a flag. */
  readonly only?: 'file' | 'argument' | 'hidden';
}

const MANY = Number.MAX_SAFE_INTEGER;
const MAX_WORKERS = 256;

const count = integer(1, MANY);
const bytes = integer(1, MANY, 'bytes');
const characters = integer(1, MANY, 'characters');
const time = milliseconds(1);
const timeOrZero = milliseconds(0);

const rate: Kind<RateText> = {
  allowed: RATE_FORMAT,
  placeholder: 'rate',
  read: given =>
    typeof given === 'string' && parseRate(given) !== undefined ? (given as RateText) : new Refused(given),
};

export const SETTINGS: { readonly [Key in ConfigurationKey]-?: Setting<NonNullable<Configuration[Key]>> } = {
  server: {
    kind: path('file'),
    summary: 'TypeScript or JavaScript file that exports the server',
    absent: 'server.ts, src/server.ts, ...',
    only: 'argument',
  },
  port: { kind: port, summary: 'TCP port, 0 for any free one', common: true },
  host: { kind: listenAddress, summary: 'address to listen on', common: true },
  publicUrl: {
    kind: publicUrl,
    summary: 'where clients reach the server when something stands in front',
    absent: 'where it listens',
    common: true,
  },
  allowedHosts: {
    kind: hostNames,
    summary: 'host names that are answered',
    absent: 'loopback names on loopback addresses',
  },
  allowedOrigins: { kind: origins, summary: "origins of pages that are answered beside Claude's own", absent: 'none' },
  trustedProxies: {
    kind: proxies,
    summary: 'proxies whose Forwarded headers are believed',
    absent: 'none',
    common: true,
  },
  responseMode: {
    kind: oneOf('mode', ['auto', 'json', 'sse']),
    summary: 'answer as auto, json or sse',
    common: true,
  },
  legacy: {
    kind: oneOf('mode', ['stateless', 'reject']),
    summary: 'reject: only 2026-07-28 and later, no revision of 2025',
  },
  sessions: {
    kind: oneOf('mode', ['optional', 'required', 'off']),
    summary: 'sessions of the 2025 era',
  },
  sessionTtlMs: { kind: time, summary: 'how long a session lives at most' },
  retryMs: { kind: time, summary: 'when a client whose stream has ended comes back' },
  httpSse: { kind: boolean, summary: 'serve clients of the 2024 transport too, on /sse and /messages', common: true },
  stateDir: {
    kind: path('directory'),
    summary: 'where sessions and keys outlive a restart; none: nowhere',
    absent: '.slipway/state/<server file>',
    cleared: 'none',
    common: true,
  },
  secrets: {
    kind: secretList,
    summary: 'root secrets, the one that seals first',
    absent: 'the key file of the state directory',
    only: 'hidden',
  },
  workers: {
    kind: wordOr(['auto'], integer(1, MAX_WORKERS)),
    summary: 'processes that serve one port; auto: one per core',
    absent: 'none',
    common: true,
  },
  maxBodyBytes: { kind: bytes, summary: 'size of a request body; more is 413' },
  maxJsonDepth: { kind: count, summary: 'levels of nesting in a request body; more is 400' },
  maxHeaderBytes: { kind: bytes, summary: 'size of all request headers; more is 431' },
  maxConcurrentRequests: { kind: count, summary: 'requests answered at the same time; more is 503' },
  requestTimeoutMs: { kind: time, summary: 'how long a handler may take' },
  bodyTimeoutMs: { kind: time, summary: 'how long a request body may take to arrive; longer is 408' },
  maxBufferedBytes: { kind: bytes, summary: 'what one stream holds for a slow reader; more closes it' },
  maxSubscriptions: { kind: count, summary: 'open subscriptions/listen streams' },
  streamAfterMs: { kind: time, summary: 'silence after which an answer becomes a stream' },
  keepAliveMs: { kind: timeOrZero, summary: 'between the comments of a silent stream; 0: none' },
  rateLimitPerPrincipal: {
    kind: rate,
    summary: 'what one principal may use: a request 1, a call its cost',
    absent: 'off',
  },
  rateLimitPerAddress: { kind: rate, summary: 'what one address without a token may use', absent: 'off' },
  rateLimitPerTool: { kind: rate, summary: 'what one caller may use of one tool', absent: 'off' },
  maxConcurrentPerCaller: { kind: count, summary: 'calls of one caller at the same time', absent: 'off' },
  resultWarningChars: {
    kind: characters,
    summary: 'size of a tool result that is warned of',
    cleared: Number.POSITIVE_INFINITY,
  },
  maxResultChars: { kind: characters, summary: 'size of a tool result; more is an error', absent: 'off' },
  toolTimeoutMs: { kind: time, summary: 'how long a tool may take', absent: 'off: requestTimeoutMs' },
  idempotencyTtlMs: { kind: time, summary: 'how long the result of a call with an idempotency key is kept' },
  drainGraceMs: { kind: timeOrZero, summary: 'what calls in flight have when the server stops' },
  lameDuckMs: { kind: timeOrZero, summary: 'how long a stopping server still serves, so that traffic can turn away' },
  adminPort: {
    kind: port,
    summary: 'port of /metrics, /healthz and /readyz with details',
    absent: 'off',
    common: true,
  },
  adminHost: { kind: listenAddress, summary: 'address of the admin port' },
  logLevel: {
    kind: oneOf('level', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    summary: 'the least that is logged',
    common: true,
  },
  logFormat: {
    kind: oneOf('format', ['auto', 'json', 'pretty']),
    summary: 'auto: pretty on a terminal, JSON lines elsewhere',
  },
  logFile: { kind: wordOr(['stderr', 'stdout'], path('file')), summary: 'where the log goes' },
  accessLog: { kind: boolean, summary: 'log one line for each call' },
  auditFile: { kind: path('file'), summary: 'where who called what is written', absent: 'off' },
  auditArguments: {
    kind: oneOf('mode', ['hash', 'redacted', 'none']),
    summary: 'what the audit keeps of arguments',
  },
  tracing: { kind: oneOf('mode', ['auto', 'on', 'off']), summary: 'OpenTelemetry spans; auto: where an SDK is there' },
  quiet: { kind: boolean, summary: 'leave out what is printed for people', common: true },
  onStart: { kind: callback<Hook>(), summary: 'runs before the server listens', absent: 'none', only: 'file' },
  onStop: { kind: callback<Hook>(), summary: 'runs when nothing is in flight any more', absent: 'none', only: 'file' },
  ready: {
    kind: callback<ReadinessCheck>(),
    summary: 'what has to hold for the server to be ready',
    absent: 'none',
    only: 'file',
  },
  onAudit: { kind: callback<AuditSink>(), summary: 'receives each record of the audit', absent: 'none', only: 'file' },
};

/** Whether `off` and `none` undo what an earlier source or the default says. */
export function isClearable({ only, absent, cleared }: Setting): boolean {
  return only === undefined && (absent !== undefined || cleared !== undefined);
}

/** What holds where nobody has set the key, in words. */
export function defaultText(key: ConfigurationKey): string {
  return key in DEFAULTS ? String(DEFAULTS[key as DefaultedKey]) : (SETTINGS[key].absent ?? 'none');
}

export const KEYS = Object.keys(SETTINGS) as readonly ConfigurationKey[];

/** `drainGraceMs` as a flag without dashes: `drain-grace-ms`. */
export function flagOf(key: ConfigurationKey): string {
  return key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
}

/** `drainGraceMs` in the environment: `SLIPWAY_DRAIN_GRACE_MS`. */
export function variableOf(key: ConfigurationKey): string {
  return `SLIPWAY_${key.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`;
}
