export type Api = typeof import('@opentelemetry/api');

/** What an OpenTelemetry SDK has registered for its process. */
export interface RegisteredSdk {
  /** Of the API that it was registered through. */
  readonly version?: string;
  readonly trace?: unknown;
  readonly metrics?: unknown;
}

/** Sees, without loading the API, whether an SDK has been started. */
export function registeredSdk(): RegisteredSdk {
  const key = Symbol.for('opentelemetry.js.api.1');
  return (globalThis as Record<symbol, RegisteredSdk | undefined>)[key] ?? {};
}
