/** `/healthz` and `/readyz` on the public port: for probes, so they say whether and not why. */
import type { HttpRequest } from './http-request.ts';
import type { Headers, Responder } from './responder.ts';
import { RENDERED_HEADERS } from './security-headers.ts';

/** One thing that has to hold for a server to be ready. */
export interface ReadinessCheckResult {
  readonly name: string;
  readonly ok: boolean;
  /** For the operator; not for strangers. */
  readonly why?: string;
  readonly ms?: number;
}

export interface ReadinessReport {
  readonly ready: boolean;
  readonly checks: readonly ReadinessCheckResult[];
}

const HEADERS: Headers = { 'content-type': 'application/json', ...RENDERED_HEADERS };

/** Which probe a request is, if it is one. */
export function probeOf({ method, url }: HttpRequest): 'live' | 'ready' | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  if (path === '/healthz') return 'live';
  return path === '/readyz' ? 'ready' : undefined;
}

/** That this is answered at all says that the event loop turns. */
export function answerLive(responder: Responder): void {
  responder.sendOther(200, HEADERS, '{"status":"ok"}\n');
}

export function answerReady(responder: Responder, report: Promise<ReadinessReport>): void {
  responder.accounted = true; // A server that is not ready has not refused anybody.
  const say = (ready: boolean) =>
    ready
      ? responder.sendOther(200, HEADERS, '{"status":"ready"}\n')
      : responder.sendOther(503, { ...HEADERS, 'retry-after': '1' }, '{"status":"not ready"}\n');
  report.then(
    ({ ready }) => say(ready),
    () => say(false),
  );
}
