/** Where in a trace a call belongs. */
import type { Context, Link, TextMapGetter } from '@opentelemetry/api';
import type { RequestContext } from '../../server/context.ts';
import type { Api } from './opentelemetry-api.ts';
import { metaText } from './trace-context.ts';

interface Parent {
  /** The context that the call's span is started in. */
  readonly parent: Context;
  readonly links: Link[];
}

const FROM_META: TextMapGetter<RequestContext> = {
  keys: () => [],
  get: (request, key) => metaText(request, key),
};

const FROM_HEADERS: TextMapGetter<RequestContext> = {
  keys: () => [],
  get: ({ http }, key) => http?.header(key.toLowerCase()),
};

/**
 * The client's span, told in `params._meta`, is the parent; the span of the HTTP request around it, if an
 * instrumentation made one, is linked. Without the former the latter is the parent, and without both the HTTP headers
 * are looked at.
 */
export function parentOf(api: Api, request: RequestContext): Parent {
  const ambient = api.context.active();
  const around = api.trace.getSpanContext(ambient);
  const told = api.propagation.extract(ambient, request, FROM_META);
  const from = api.trace.getSpanContext(told);
  if (from !== undefined && from !== around) {
    const links = around !== undefined && api.isSpanContextValid(around) ? [{ context: around }] : [];
    return { parent: told, links };
  }
  if (around !== undefined) return { parent: told, links: [] };
  return { parent: api.propagation.extract(told, request, FROM_HEADERS), links: [] };
}
