import { SlipwayError } from '../../protocol/coded-error.ts';
import type { Keyring } from '../../sealing/keyring.ts';
import type { CallObserver } from '../../server/call-observer.ts';
import type { IdempotencyOptions } from '../../server/idempotent-call.ts';
import type { ToolLimitOptions } from '../../server/tool-limits.ts';
import { DEFAULT_SESSION_TTL_MS } from '../../session/sessions.ts';
import type { ServerEventBus } from '../../state/event-bus.ts';
import type { State } from '../../state/state.ts';
import type { EndpointOptions, ResponseMode, SessionMode } from './endpoint-options.ts';
import type { ReadinessReport } from './health.ts';
import type { HttpObserver } from './http-observer.ts';
import type { LimiterFactory } from './rate-limit-window.ts';

/** What the host composes an endpoint of. */
export interface EndpointParts {
  readonly bus: ServerEventBus;
  /** Whether the bus is the author's own, and not the one of the state. */
  readonly ownBus: boolean;
  readonly state: State;
  /** The keys of the deployment, where it has some. */
  readonly keyring: Keyring | undefined;
  readonly sessions: SessionMode;
  /** Watches calls. */
  readonly calls?: CallObserver | undefined;
  /** Watches what happens beside calls. */
  readonly http?: HttpObserver | undefined;
  /** Has calls with a key of their own done once. */
  readonly idempotency?: IdempotencyOptions | undefined;
  /** For servers whose authors left these open. */
  readonly toolLimits?: ToolLimitOptions;
  /** Makes what counts the uses of a rate limit. */
  readonly limiters: LimiterFactory;
  /** @param draining whether the endpoint is about to stop */
  readiness(draining: boolean): Promise<ReadinessReport>;
}

/** How an endpoint behaves, its limits aside. */
export interface EndpointSettings {
  readonly responseMode: ResponseMode;
  /** Whether the 2025 era is refused. */
  readonly modernOnly: boolean;
  readonly sessionMode: SessionMode;
  /** Milliseconds that a session may live. */
  readonly sessionTtlMs: number;
  /** Milliseconds after which a client whose stream has ended comes back. */
  readonly retryMs: number;
  /** Whether the transport of 2024-11-05 is served too. */
  readonly httpSse: boolean;
}

const RETRY_MS = 1_000;
const SESSION_MODES: readonly unknown[] = ['optional', 'required', 'off'] satisfies SessionMode[];

function positive(option: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new SlipwayError('SLIP_INVALID_OPTION', { option, why: `${String(value)} is no whole number above zero` });
}

/** @throws SlipwayError SLIP_INVALID_OPTION */
export function resolveSettings(parts: EndpointParts, options: EndpointOptions): EndpointSettings {
  const modernOnly = options.legacy === 'reject';
  if (!SESSION_MODES.includes(parts.sessions)) {
    const why = `'${String(parts.sessions)}' is not optional, required or off`;
    throw new SlipwayError('SLIP_INVALID_OPTION', { option: 'sessions', why });
  }
  if (modernOnly && options.httpSse === true) {
    const why = "it serves the 2024 transport, which legacy: 'reject' refuses";
    throw new SlipwayError('SLIP_INVALID_OPTION', { option: 'httpSse', why });
  }
  return {
    responseMode: options.responseMode ?? 'auto',
    modernOnly,
    sessionMode: modernOnly ? 'off' : parts.sessions,
    sessionTtlMs: positive('sessionTtlMs', options.sessionTtlMs ?? DEFAULT_SESSION_TTL_MS),
    retryMs: positive('retryMs', options.retryMs ?? RETRY_MS),
    httpSse: options.httpSse === true,
  };
}
