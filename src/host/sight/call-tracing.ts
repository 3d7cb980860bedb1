/**
 * Traces of calls, through the OpenTelemetry API alone: which SDK runs, and where it exports to, is its owner's choice.
 * Follows the semantic conventions of MCP (docs/reference/tracing.md says which).
 */
import type { Context, Span, Tracer } from '@opentelemetry/api';
import type { CallObserver, EndedCall } from '../../server/call-observer.ts';
import type { RequestContext } from '../../server/context.ts';
import type { HttpObserver, Resume } from '../../transport/http/http-observer.ts';
import { attributesAtEnd, attributesAtStart, isServerFault, refusalTextOf, spanNameOf } from './call-attributes.ts';
import { errorTypeOf } from './call-series.ts';
import { type Api, registeredSdk } from './opentelemetry-api.ts';
import { operationDuration } from './operation-duration.ts';
import { rememberSpan } from './trace-context.ts';
import { parentOf } from './trace-parent.ts';

export interface CallTracingOptions {
  /** `auto`: when an SDK has registered itself; `on`: in any case, with a warning where there is none. */
  readonly tracing: 'auto' | 'on' | 'off';
  /** Of this package. */
  readonly version: string;
  /**
   * Whether spans show the arguments of tools, the URIs of resources and the texts of refusals, which quote them. Default:
   * what the environment variable OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT says, else false.
   */
  readonly captureContent?: boolean;
}

export interface CallTracing {
  readonly observer: CallObserver & Pick<HttpObserver, 'arrived'>;
  /** Something that the operator should know: why there will be no traces. */
  readonly warning: string | undefined;
  /** Has the SDK export what it holds. Never rejects, and never takes longer than that. */
  flush(timeoutMs: number): Promise<void>;
}

/** Traces and measures calls where an SDK has been started before; undefined where nobody would hear of them. */
export async function callTracing(options: CallTracingOptions): Promise<CallTracing | undefined> {
  const { trace, metrics } = registeredSdk();
  const wanted = options.tracing === 'on' || (options.tracing === 'auto' && (trace ?? metrics) !== undefined);
  if (!wanted) return undefined;
  const api = await import('@opentelemetry/api');
  const { version, captureContent = process.env['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'] === 'true' } =
    options;
  const measure = metrics === undefined ? undefined : operationDuration(api, version);
  return {
    observer: new CallTracer(api, api.trace.getTracer('slipway', version), measure, captureContent),
    warning: warningOf(api),
    flush: timeoutMs => flush(api, timeoutMs),
  };
}

function warningOf(api: Api): string | undefined {
  const { trace, version } = registeredSdk();
  if (trace === undefined) {
    return registeredSdk().metrics === undefined
      ? 'tracing is on, but no OpenTelemetry SDK has been started; start one before the server: node --import ./instrumentation.mjs'
      : undefined;
  }
  if (api.trace.getTracerProvider() === trace) return undefined;
  return `the OpenTelemetry SDK was started with version ${version} of @opentelemetry/api, which is older than ours: update it`;
}

/** A call that is traced. */
interface Traced {
  readonly span: Span;
  /** The context in which the handler runs. */
  readonly context: Context;
}

class CallTracer implements CallObserver, HttpObserver {
  readonly #api: Api;
  readonly #tracer: Tracer;
  readonly #measure: ReturnType<typeof operationDuration> | undefined;
  readonly #captureContent: boolean;
  readonly #running = new WeakMap<RequestContext, Traced>();

  constructor(
    api: Api,
    tracer: Tracer,
    measure: ReturnType<typeof operationDuration> | undefined,
    captureContent: boolean,
  ) {
    this.#api = api;
    this.#tracer = tracer;
    this.#measure = measure;
    this.#captureContent = captureContent;
  }

  arrived(): Resume | undefined {
    const { context, ROOT_CONTEXT } = this.#api;
    const active = context.active();
    return active === ROOT_CONTEXT ? undefined : run => context.with(active, run);
  }

  around<T>(request: RequestContext, run: () => T): T {
    const traced = this.#start(request);
    return traced === undefined ? run() : this.#api.context.with(traced.context, run);
  }

  #start(request: RequestContext): Traced | undefined {
    try {
      const { parent, links } = parentOf(this.#api, request);
      const attributes = attributesAtStart(request, this.#captureContent);
      const kind = this.#api.SpanKind.SERVER;
      const span = this.#tracer.startSpan(spanNameOf(request), { kind, attributes, links }, parent);
      const traced = { span, context: this.#api.trace.setSpan(parent, span) };
      this.#running.set(request, traced);
      const ids = span.spanContext();
      if (this.#api.isSpanContextValid(ids)) rememberSpan(request, ids);
      return traced;
    } catch {
      return undefined; // An SDK that fails must not keep the call from being answered.
    }
  }

  ended(call: EndedCall): void {
    const traced = this.#running.get(call.context);
    if (traced === undefined) return;
    this.#measure?.(call, traced.context);
    const { span } = traced;
    if (span.isRecording()) this.#describe(span, call);
    span.end();
  }

  #describe(span: Span, call: EndedCall): void {
    span.updateName(spanNameOf(call.context));
    span.setAttributes(attributesAtEnd(call));
    if (!isServerFault(errorTypeOf(call))) return;
    const text = refusalTextOf(call);
    const { ERROR } = this.#api.SpanStatusCode;
    // Such texts quote what the client sent: arguments, URIs.
    span.setStatus(this.#captureContent && text !== undefined ? { code: ERROR, message: text } : { code: ERROR });
    if (text === undefined && call.error instanceof Error) span.recordException(call.error);
  }
}

interface Flushing {
  forceFlush?(): Promise<unknown>;
  getDelegate?(): Flushing;
}

async function flush(api: Api, timeoutMs: number): Promise<void> {
  const tracers = api.trace.getTracerProvider() as Flushing;
  const providers = [tracers.getDelegate?.() ?? tracers, api.metrics.getMeterProvider() as Flushing];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>(resolve => {
    timer = setTimeout(resolve, timeoutMs);
  });
  const flushed = Promise.allSettled(providers.map(async provider => provider.forceFlush?.()));
  await Promise.race([flushed, late]);
  clearTimeout(timer);
}
