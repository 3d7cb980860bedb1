/** How much is worked on at the same time: by this process, and of it for one caller. What is beyond is shed. */
import { AsyncResource } from 'node:async_hooks';
import type { RequestId } from '../../protocol/json-rpc.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { codedBody } from './error-body.ts';
import type { HttpRequest } from './http-request.ts';
import { refuseBusy } from './rate-limit-answer.ts';
import type { Responder } from './responder.ts';
import { SESSION_HEADER } from './session-routes.ts';
import { sseTarget } from './sse-target.ts';

/** The most bytes of an answer that is let in where nothing else is. */
const AWAITED_BYTES = 256 * 1024;

/** Whether there is room to read a body; otherwise the request is answered. */
export function hasRoomToRead(endpoint: HttpEndpoint, request: HttpRequest, responder: Responder): boolean {
  const { limits, inFlight, edge } = endpoint;
  const limit = limits.maxConcurrentRequests;
  const { callers } = edge;
  // Where all calls wait for their clients' answers, none would ever end if those were shed: there is as much room again.
  const isFull = inFlight.total >= limit && !(inFlight.total < 2 * limit && mayBeAwaited(endpoint, request));
  if (isFull) refuseOverload(responder, limit);
  else if (callers === undefined || !callers.isBusy(request)) return true;
  else if (!callers.isBusy(request, 1, 2 * callers.limit) && mayBeAwaited(endpoint, request)) return true;
  else refuseBusy(responder, callers.limit);
  return false;
}

/** Who has no room for so many calls now; undefined: they may begin. */
function fullFor(
  { limits, inFlight, edge }: HttpEndpoint,
  request: HttpRequest,
  calls: number,
): 'process' | 'caller' | undefined {
  if (inFlight.calls + calls > limits.maxConcurrentRequests) return 'process';
  return edge.callers?.isBusy(request, calls) === true ? 'caller' : undefined;
}

/**
 * Begins so many calls, or answers the request when there is no room for them; room to read a body is none to call. Of
 * calls that came in the same turn most end before the next: they are no reason to refuse one, which is put off then.
 */
export function whenRoomToCall(
  endpoint: HttpEndpoint,
  request: HttpRequest,
  responder: Responder,
  id: RequestId | null,
  calls: number,
  begin: () => void,
): void {
  if (fullFor(endpoint, request, calls) === undefined) return begin();
  const decide = () => {
    const full = fullFor(endpoint, request, calls);
    if (full === undefined) begin();
    else if (full === 'process') refuseOverload(responder, endpoint.limits.maxConcurrentRequests, id);
    else refuseBusy(responder, endpoint.edge.callers!.limit, id);
  };
  const later = AsyncResource.bind(() => endpoint.guard(responder, decide));
  if (!endpoint.arrivals.postpone(later)) decide();
}

function refuseOverload(responder: Responder, limit: number, id: RequestId | null = null): void {
  responder.sendJson(503, codedBody('SLIP_OVERLOADED', { limit }, true, id), { 'retry-after': '1' });
}

/** Whether it may be what a call in flight waits for: an answer to its question, or that it is taken back. */
function mayBeAwaited({ settings }: HttpEndpoint, request: HttpRequest): boolean {
  const announced = Number(request.header('content-length') ?? Number.POSITIVE_INFINITY);
  if (!(announced <= AWAITED_BYTES)) return false;
  const hasSession = settings.sessionMode !== 'off' && request.header(SESSION_HEADER) !== undefined;
  return hasSession || (settings.httpSse && sseTarget(request) === 'message');
}
