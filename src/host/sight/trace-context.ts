/**
 * The trace that a call belongs to: W3C Trace Context in the unprefixed keys of `params._meta` (MCP 2026-07-28,
 * basic/index, OpenTelemetry trace context).
 */
import type { RequestContext } from '../../server/context.ts';

/** For log lines: what finds the trace of a call. */
export interface TraceIds {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

/** Longer values are no trace context, but somebody's attempt. */
const MAX_VALUE_CHARS = 8192;

const TRACEPARENT = /^[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-[\da-f]{2}(?:-|$)/;

const spans = new WeakMap<RequestContext, TraceIds>();

/** Remembers the span that a call is traced by. */
export function rememberSpan(context: RequestContext, ids: TraceIds): void {
  spans.set(context, ids);
}

/** The span that a call is traced by; without tracing, the one that the client says it comes from. */
export function traceIdsOf(context: RequestContext): TraceIds | undefined {
  const traced = spans.get(context);
  if (traced !== undefined) return traced;
  const traceparent = metaText(context, 'traceparent');
  if (traceparent === undefined || traceparent.startsWith('ff')) return undefined;
  const [, traceId, spanId] = TRACEPARENT.exec(traceparent) ?? [];
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}

/** A key of `params._meta`, if it holds a text of reasonable length. */
export function metaText({ call }: RequestContext, key: string): string | undefined {
  const meta = call.params['_meta'];
  if (typeof meta !== 'object' || meta === null || !Object.hasOwn(meta, key)) return undefined;
  const value = (meta as Record<string, unknown>)[key];
  return typeof value === 'string' && value.length <= MAX_VALUE_CHARS ? value : undefined;
}
