/**
 * The operator's own port: `/metrics`, `/healthz` and `/readyz` with their reasons. Apart from the public port, so that
 * no proxy in front has to be told what strangers must not see.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../../server/logger.ts';
import type { ReadinessReport } from '../../transport/http/health.ts';
import { HostGuard } from '../../transport/http/host-guard.ts';

const { createServer } = process.getBuiltinModule('node:http');

const MAX_CONNECTIONS = 64;
const REQUEST_TIMEOUT_MS = 5_000;
/** Less than Prometheus waits by default. */
const ANSWER_TIMEOUT_MS = 9_000;
/** How long a reader may take nothing of an answer. */
const IDLE_TIMEOUT_MS = 15_000;
/** What answers on their way get when the listener closes. */
const CLOSE_GRACE_MS = 500;

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const JSON_CONTENT_TYPE = 'application/json';

/** What `/healthz` says: that the process lives, and what may be of use. */
export interface HealthReport {
  /** 200 or 503. That it is answered at all says that the event loop turns. */
  readonly ok: boolean;
  readonly [fact: string]: unknown;
}

export interface AdminListenerOptions {
  /** Default 127.0.0.1. On addresses of the loopback, only requests to a name of the loopback are answered. */
  readonly host?: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** A socket that listens already, in place of host and port. */
  readonly fd?: number;
  /** In the Prometheus text format, version 0.0.4. */
  metrics(): Promise<string>;
  health(): HealthReport | Promise<HealthReport>;
  ready(): Promise<ReadinessReport>;
  readonly logger?: Logger;
}

export interface AdminListener {
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:9464` */
  readonly url: string;
  /** Within half a second, whoever is connected. */
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const PAGES: Readonly<Record<string, string>> = {
  '/metrics': 'Prometheus metrics',
  '/healthz': 'whether the process lives',
  '/readyz': 'whether it is ready for requests, and why not',
};

const INDEX = Object.entries(PAGES)
  .map(([path, what]) => `${path.padEnd(10)}${what}\n`)
  .join('');

/**
 * Listens.
 *
 * @throws the error of node:net when the address can not be had (EADDRINUSE, EACCES, ...)
 */
export async function adminListener(options: AdminListenerOptions): Promise<AdminListener> {
  const { host = '127.0.0.1', port, fd } = options;
  const answers = answering(options);
  const guard = new HostGuard(undefined);
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: 1_000 },
    (request, response) => {
      const refused = guard.refusal(request.headers.host, request.socket.localAddress);
      const answer = refused ? Promise.resolve(HOST_REFUSED) : answerTo(request, answers);
      answer
        .catch(error => {
          options.logger?.error({ error, path: request.url?.slice(0, 100) }, 'admin request failed');
          return text(500, 'failed; the log says why\n');
        })
        .then(found => send(request, response, found));
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = IDLE_TIMEOUT_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(fd === undefined ? { host, port } : { fd }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', error => options.logger?.error({ error }, 'admin listener failed'));
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  let closing: Promise<void> | undefined;
  return {
    host: address.address,
    port: address.port,
    url: `http://${name}:${address.port}`,
    close: () =>
      (closing ??= new Promise(resolve => {
        const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
      })),
  };
}

type Answers = Readonly<Record<string, () => Promise<Answer>>>;

function answering({ metrics, health, ready }: AdminListenerOptions): Answers {
  return {
    '/': async () => text(200, INDEX),
    '/metrics': shared(async () => ({ status: 200, type: METRICS_CONTENT_TYPE, body: await metrics() })),
    '/healthz': shared(async () => {
      const report = await health();
      return json(report.ok ? 200 : 503, report);
    }),
    '/readyz': shared(async () => {
      const report = await ready();
      return json(report.ready ? 200 : 503, report);
    }),
  };
}

/** Those who ask while an answer is made get the same one; none waits for one that is never made. */
function shared(make: () => Promise<Answer>): () => Promise<Answer> {
  let current: Promise<Answer> | undefined;
  return () =>
    (current ??= inTime(make()).finally(() => {
      current = undefined;
    }));
}

function inTime(answer: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_TIMEOUT_MS} ms`)), ANSWER_TIMEOUT_MS);
    timer.unref();
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

const HOST_REFUSED = text(403, 'this port answers to names of the loopback only\n');

async function answerTo({ method, url = '/' }: IncomingMessage, answers: Answers): Promise<Answer> {
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
  if (answer === undefined) return text(404, INDEX);
  return method === 'GET' || method === 'HEAD' ? answer() : text(405, 'only GET and HEAD\n');
}

function send({ method }: IncomingMessage, response: ServerResponse, { status, type, body }: Answer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    'content-type': type,
    'content-length': bytes.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // Who asks every few seconds needs no connection in between, and none has to be ended when the process stops.
    connection: 'close',
    ...(status === 405 && { allow: 'GET, HEAD' }),
  });
  response.end(method === 'HEAD' ? undefined : bytes);
}

function text(status: number, body: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body };
}

function json(status: number, value: unknown): Answer {
  return { status, type: JSON_CONTENT_TYPE, body: `${JSON.stringify(value, undefined, 2)}\n` };
}
