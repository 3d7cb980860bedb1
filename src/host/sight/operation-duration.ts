/** The metric `mcp.server.operation.duration`, through the OpenTelemetry API. */
import type { Attributes, Context } from '@opentelemetry/api';
import type { EndedCall } from '../../server/call-observer.ts';
import type { RequestContext } from '../../server/context.ts';
import { commonAttributes, failureAttributes } from './call-attributes.ts';
import { type CallLabels, CallSeries, OTHER } from './call-series.ts';
import type { Api } from './opentelemetry-api.ts';

/** Seconds, as the conventions ask for. */
const BOUNDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

const NAMED_BY: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'gen_ai.tool.name'],
  ['prompts/get', 'gen_ai.prompt.name'],
]);

/** What records the duration of a call, in the context of its span. */
export function operationDuration(api: Api, version: string): (ended: EndedCall, context: Context) => void {
  const durations = api.metrics.getMeter('slipway', version).createHistogram('mcp.server.operation.duration', {
    description: 'Duration of MCP requests, from dispatch to outcome.',
    unit: 's',
    advice: { explicitBucketBoundaries: BOUNDS },
  });
  // Attributes are made once for each kind of call: of each revision, over HTTP and otherwise.
  const kinds = new Map<string, CallSeries<Attributes>>();
  return (ended, context) => {
    const { call, http } = ended.context;
    const key = http === undefined ? call.revision : `http ${call.revision}`;
    let series = kinds.get(key);
    if (series === undefined) {
      const { 'gen_ai.operation.name': _, ...common } = commonAttributes(ended.context);
      kinds.set(key, (series = new CallSeries(nameOf, labels => ({ ...common, ...attributesOf(labels) }))));
    }
    durations.record(ended.durationMs / 1000, series.of(ended), context);
  };
}

function nameOf({ call, component }: RequestContext): string {
  return NAMED_BY.has(call.method) ? (component ?? OTHER) : '';
}

function attributesOf({ method, component, errorType }: CallLabels): Attributes {
  const named = NAMED_BY.get(method);
  return {
    'mcp.method.name': method,
    ...(method === 'tools/call' && { 'gen_ai.operation.name': 'execute_tool' }),
    ...(named !== undefined && { [named]: component }),
    ...failureAttributes(errorType),
  };
}
