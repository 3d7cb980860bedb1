import type { AuthInfo } from '../../protocol/auth-info.ts';
import type { LegacyMessage } from '../../protocol/classification.ts';
import { INTERNAL_ERROR, type JSONRPCRequest } from '../../protocol/json-rpc.ts';
import { logInternal } from '../../server/fault.ts';
import type { Logger } from '../../server/logger.ts';
import type { MaybePromise } from '../../state/maybe-promise.ts';
import type { Edge } from './edge.ts';
import { errorBody } from './error-body.ts';
import type { HttpRequest } from './http-request.ts';
import { refuseRate } from './rate-limit-answer.ts';
import type { RateRefusal } from './rate-limit-window.ts';
import { type Charge, type LimitedTool, pointsOf } from './rate-limits.ts';
import type { Responder } from './responder.ts';

/** As much of an endpoint as it needs. */
export interface LimitingEndpoint {
  readonly edge: Edge;
  readonly logger: Logger;
  /** Counts work on a request that is not an exchange yet; `leave` ends it. */
  enter(): void;
  leave(): void;
}

/** Where tools are looked up; absent for a low-level server, whose tools nobody knows. */
export interface ToolSource {
  /** The tool of this name that exists for this caller. */
  toolOf(name: unknown, authInfo: AuthInfo | undefined): LimitedTool | undefined;
}

/**
 * Goes on with the messages of a POST, or with a stream (no message), unless their caller has used its share up. At once
 * where the store answers at once.
 */
export function limited(
  endpoint: LimitingEndpoint,
  registered: ToolSource | undefined,
  request: HttpRequest,
  responder: Responder,
  messages: readonly LegacyMessage[],
  go: () => void,
): void {
  const refusal = count(endpoint.edge, registered, request, messages);
  const id = messages.length === 1 && isRequest(messages[0]!) ? messages[0]!.id : null;
  if (!(refusal instanceof Promise)) return refusal === undefined ? go() : refuseRate(responder, refusal, id);
  endpoint.enter();
  refusal
    .then(found => (found === undefined ? go() : refuseRate(responder, found, id)))
    .catch(error => {
      const reference = logInternal(endpoint.logger, error, { during: 'rate limit' });
      const message = `Internal error (reference ${reference})`;
      responder.sendJson(500, errorBody(id, { code: INTERNAL_ERROR, message, data: { reference } }));
    })
    .finally(() => endpoint.leave());
}

function count(
  { limits }: Edge,
  registered: ToolSource | undefined,
  request: HttpRequest,
  messages: readonly LegacyMessage[],
): MaybePromise<RateRefusal | undefined> {
  const chargeOf = (message: LegacyMessage): Charge => {
    if (!isRequest(message)) return ONE_POINT;
    const { method, params } = message;
    const tool = method === 'tools/call' ? registered?.toolOf(params?.['name'], request.authInfo) : undefined;
    return { tool, points: pointsOf(method, tool) };
  };
  if (messages.length > 1) return limits.useAll(request, messages.map(chargeOf));
  const { tool, points } = messages.length === 0 ? ONE_POINT : chargeOf(messages[0]!);
  return limits.use(request, tool, points);
}

const ONE_POINT: Charge = { tool: undefined, points: 1 };

/** Of those that classification let through. */
function isRequest(message: LegacyMessage): message is JSONRPCRequest {
  return 'method' in message && 'id' in message;
}
