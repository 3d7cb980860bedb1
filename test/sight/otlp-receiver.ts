/** Receives OTLP over HTTP as a collector does (OTLP 1.x, JSON encoding), on a real socket. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

interface OtlpValue {
  stringValue?: string;
  intValue?: number | string;
  doubleValue?: number;
  boolValue?: boolean;
}

interface OtlpAttribute {
  key: string;
  value: OtlpValue;
}

export interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: OtlpAttribute[];
  events: { name: string; attributes: OtlpAttribute[] }[];
  links: { traceId: string; spanId: string }[];
  status: { code?: number; message?: string };
  traceState?: string;
}

export interface OtlpHistogramPoint {
  attributes: OtlpAttribute[];
  count: number | string;
  sum: number;
  explicitBounds: number[];
  bucketCounts: (number | string)[];
  exemplars?: { traceId?: string; spanId?: string }[];
}

interface OtlpMetric {
  name: string;
  unit: string;
  histogram?: { dataPoints: OtlpHistogramPoint[] };
}

export interface OtlpReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly spans: OtlpSpan[];
  /** By name; of several exports the last. */
  readonly metrics: Map<string, OtlpMetric>;
  /** All that has arrived, as text. */
  text(): string;
  close(): void;
}

/** The kind of a span. */
export const INTERNAL = 1;
export const SERVER = 2;
/** The code of a status. */
export const ERROR = 2;

export function attributesOf({ attributes }: { attributes: OtlpAttribute[] }): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

export async function otlpReceiver(): Promise<OtlpReceiver> {
  const spans: OtlpSpan[] = [];
  const metrics = new Map<string, OtlpMetric>();
  const texts: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const text = String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
    texts.push(text);
    const { resourceSpans = [], resourceMetrics = [] } = JSON.parse(text) as {
      resourceSpans?: { scopeSpans: { spans: OtlpSpan[] }[] }[];
      resourceMetrics?: { scopeMetrics: { metrics: OtlpMetric[] }[] }[];
    };
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
    for (const { scopeMetrics } of resourceMetrics) {
      for (const one of scopeMetrics.flatMap(({ metrics }) => metrics)) metrics.set(one.name, one);
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, spans, metrics, text: () => texts.join('\n'), close };
}
