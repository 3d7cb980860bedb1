/** The endpoint as `(req, res, parsedBody?)`: for node:http and for everything that hands over its objects. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Arrived, Carrier } from './arrivals.ts';
import { BodyBuffer } from './body-buffer.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { codedBody } from './error-body.ts';
import type { Resume } from './http-observer.ts';
import { NodeHttpRequest, type NodeRequest } from './node-request.ts';
import { NodeResponder } from './node-responder.ts';
import type { Headers } from './responder.ts';
import { Swept } from './sweeper.ts';
import { type BodyReceiver, WholeBodyRequest } from './whole-body-request.ts';

/** Serves one request. A third argument that is a function (`next` of a middleware) is ignored. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse, parsedBody?: unknown) => void;

/** A body on its way in. */
class ArrivingBody extends Swept implements BodyReceiver, Arrived {
  readonly #endpoint: HttpEndpoint;
  readonly #request: NodeHttpRequest;
  readonly #responder: NodeResponder;
  readonly #maxBodyBytes: number;
  #body: BodyBuffer;
  readonly #resume: Resume | undefined;
  readonly carrier: Carrier;
  isWaiting = false;
  #settled = false;
  #since: number | undefined;

  constructor(
    endpoint: HttpEndpoint,
    message: NodeRequest,
    request: NodeHttpRequest,
    responder: NodeResponder,
    maxBodyBytes: number,
  ) {
    super();
    this.#endpoint = endpoint;
    this.carrier = message.socket;
    this.#request = request;
    this.#responder = responder;
    this.#maxBodyBytes = maxBodyBytes;
    this.#body = new BodyBuffer(maxBodyBytes);
    this.#resume = endpoint.watch.arrived();
    endpoint.reads(request);
  }

  /** Collects the chunks of an ordinary stream, and watches how long it takes. */
  collect(message: NodeRequest): void {
    // Somebody has read it and left nothing: that is an empty body.
    if (message.readableEnded) return this.#ended();
    this.#since = this.#endpoint.sweeper.tick;
    this.#endpoint.sweeper.add(this);
    message.on('data', (chunk: Buffer | string) => this.take(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
    message.on('end', () => this.#ended());
    message.on('close', () => this.abandon());
    // A broken connection ends in 'close'; without a listener the error would end the process.
    message.on('error', () => this.abandon());
  }

  take(chunk: Buffer): void {
    if (this.#settled || this.#body.append(chunk)) return;
    // The rest is read and thrown away: closing now would reset the connection before the client has read the answer.
    this.#tooLarge();
  }

  #tooLarge(): void {
    this.#refuse(413, codedBody('SLIP_BODY_TOO_LARGE', { limit: this.#maxBodyBytes }));
  }

  /** Of a listener of ours: what is whole is answered with what else has come in this turn. */
  complete(): void {
    if (this.#settle()) this.#endpoint.arrivals.add(this);
  }

  /** Of a framework: in its turn, and in the asynchronous context that its author expects. */
  #ended(): void {
    if (this.#settle()) this.serve();
  }

  serve(): void {
    if (this.#resume === undefined) this.#serve();
    else this.#resume(() => this.#serve());
  }

  #serve(): void {
    const endpoint = this.#endpoint;
    endpoint.guard(this.#responder, () => endpoint.serveText(this.#request, this.#responder, this.#body.toString()));
  }

  /** Nobody waits for the body any more. */
  abandon(): void {
    if (this.#settle()) this.#body = new BodyBuffer(0);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    if (this.#since !== undefined) this.#endpoint.sweeper.delete(this);
    this.#endpoint.hasRead(this.#request);
    return true;
  }

  /** Answers before the body is whole. */
  #refuse(status: number, body: string, headers?: Headers): void {
    if (!this.#settle()) return;
    this.#body = new BodyBuffer(0);
    this.#endpoint.edge.limits.charge(this.#request);
    this.#responder.sendJson(status, body, headers);
  }

  sweep(tick: number): void {
    const { sweeper, limits } = this.#endpoint;
    if (this.#since === undefined || tick - this.#since <= sweeper.ticks(limits.bodyTimeoutMs)) return;
    this.#refuse(408, codedBody('SLIP_SLOW_SENDER', { ms: limits.bodyTimeoutMs }), { connection: 'close' });
  }
}

/** The parsed body that a framework has left behind, if it has read the stream. */
function parsedBefore(message: NodeRequest, given: unknown): unknown {
  if (given !== undefined && typeof given !== 'function') return given;
  return message.readableEnded ? message.body : undefined;
}

/** @param maxBodyBytes of this mount; default: the endpoint's limit */
export function nodeHandler(endpoint: HttpEndpoint, maxBodyBytes: number = endpoint.limits.maxBodyBytes): NodeHandler {
  const { maxBufferedBytes } = endpoint.limits;
  const { proxies, publicUrl, headers } = endpoint.edge;
  const { watch } = endpoint;
  return (message, response, given) => {
    if (message instanceof WholeBodyRequest) endpoint.arrivals.hurry(message.socket);
    const request = new NodeHttpRequest(message, proxies, publicUrl);
    const responder = new NodeResponder(request, response, maxBufferedBytes, headers, watch);
    if (endpoint.phase !== 'serving') response.shouldKeepAlive = false;
    if (!endpoint.admit(request, responder, maxBodyBytes)) {
      // An unread body would be taken for the next request.
      if (!message.readableEnded) message.resume();
      return;
    }
    const body = new ArrivingBody(endpoint, message, request, responder, maxBodyBytes);
    if (message instanceof WholeBodyRequest && given === undefined) {
      if (message.headers.expect !== undefined) response.writeContinue();
      return message.receive(body);
    }
    const parsed = parsedBefore(message, given);
    if (parsed === undefined) return body.collect(message);
    body.abandon();
    // A parser for text or bytes has only read it.
    if (typeof parsed === 'string') endpoint.serveText(request, responder, parsed);
    else if (parsed instanceof Uint8Array) endpoint.serveText(request, responder, Buffer.from(parsed).toString());
    else endpoint.serve(request, responder, parsed);
  };
}
