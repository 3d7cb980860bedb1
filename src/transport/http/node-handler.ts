/** The endpoint as `(req, res, parsedBody?)`: for node:http and for everything that hands over its objects. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpEndpoint } from './endpoint.ts';
import { codedBody } from './error-body.ts';
import { NodeHttpRequest, type NodeRequest } from './node-request.ts';
import { NodeResponder } from './node-responder.ts';
import type { Swept } from './sweeper.ts';
import { takeBody } from './whole-body-request.ts';

/** Serves one request. A third argument that is a function (`next` of a middleware) is ignored. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse, parsedBody?: unknown) => void;

/** A body that has not arrived in whole yet; ended when its sender is too slow. */
class ArrivingBody implements Swept {
  readonly #endpoint: HttpEndpoint;
  readonly #message: NodeRequest;
  readonly #responder: NodeResponder;
  readonly #request: NodeHttpRequest;
  readonly #since: number;
  #chunks: Buffer[] = [];
  #size = 0;
  #settled = false;

  constructor(endpoint: HttpEndpoint, message: NodeRequest, request: NodeHttpRequest, responder: NodeResponder) {
    this.#endpoint = endpoint;
    this.#message = message;
    this.#request = request;
    this.#responder = responder;
    this.#since = endpoint.sweeper.tick;
  }

  /** Collects the chunks of an ordinary stream. */
  collect(): void {
    this.begin();
    this.#message.on('data', (chunk: Buffer | string) =>
      this.take(typeof chunk === 'string' ? Buffer.from(chunk) : chunk),
    );
    this.#message.on('end', () => this.complete());
  }

  begin(): void {
    this.#endpoint.reading++;
    this.#endpoint.sweeper.add(this);
    this.#message.on('close', () => this.#settle());
  }

  take(chunk: Buffer): void {
    if (this.#settled) return;
    this.#size += chunk.length;
    const { maxBodyBytes } = this.#endpoint.limits;
    if (this.#size > maxBodyBytes) return this.#refuse(413, codedBody('SLIP_BODY_TOO_LARGE', { limit: maxBodyBytes }));
    this.#chunks.push(chunk);
  }

  complete(): void {
    if (!this.#settle()) return;
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 ? first! : Buffer.concat(this.#chunks);
    this.#endpoint.serveText(this.#request, this.#responder, body.toString('utf8'));
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#endpoint.reading--;
    this.#endpoint.sweeper.delete(this);
    return true;
  }

  /** Answers before the body is complete: the rest of it makes the connection useless. */
  #refuse(status: number, body: string): void {
    if (!this.#settle()) return;
    this.#chunks = [];
    this.#responder.sendJson(status, body, { connection: 'close' });
    this.#message.resume();
  }

  sweep(tick: number): void {
    const { sweeper, limits } = this.#endpoint;
    if (tick - this.#since <= sweeper.ticks(limits.bodyTimeoutMs)) return;
    this.#refuse(408, codedBody('SLIP_SLOW_SENDER', { ms: limits.bodyTimeoutMs }));
  }
}

/** The parsed body that a framework has left behind, if it has read the stream. */
function parsedBefore(message: NodeRequest, given: unknown): unknown {
  if (given !== undefined && typeof given !== 'function') return given;
  return message.readableEnded ? message.body : undefined;
}

export function nodeHandler(endpoint: HttpEndpoint): NodeHandler {
  const { maxBufferedBytes } = endpoint.limits;
  return (message, response, given) => {
    const request = new NodeHttpRequest(message);
    const responder = new NodeResponder(response, maxBufferedBytes);
    if (!endpoint.admit(request, responder)) {
      // An unread body would be taken for the next request.
      if (!message.readableEnded) message.resume();
      return;
    }
    const parsed = parsedBefore(message, given);
    if (parsed !== undefined) return endpoint.serve(request, responder, parsed);
    // Nothing listens to a response that fails while its client goes away.
    const whole = takeBody(message, endpoint.limits.maxBodyBytes, body => endpoint.serveText(request, responder, body));
    if (!whole) new ArrivingBody(endpoint, message, request, responder).collect();
  };
}
