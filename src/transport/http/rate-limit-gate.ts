import type { AuthInfo } from '../../protocol/auth-info.ts';
import { INTERNAL_ERROR, type JSONRPCRequest } from '../../protocol/json-rpc.ts';
import { logInternal } from '../../server/fault.ts';
import type { Logger } from '../../server/logger.ts';
import type { MaybePromise } from '../../state/maybe-promise.ts';
import type { Edge } from './edge.ts';
import { errorBody } from './error-body.ts';
import type { HttpRequest } from './http-request.ts';
import { refuseRate } from './rate-limit-answer.ts';
import type { RateRefusal } from './rate-limit-window.ts';
import { type LimitedTool, pointsOf } from './rate-limits.ts';
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

/** Goes on with the requests of a POST, unless their caller has used its share up. At once where the store answers at once. */
export function limited(
  endpoint: LimitingEndpoint,
  registered: ToolSource | undefined,
  request: HttpRequest,
  responder: Responder,
  messages: readonly JSONRPCRequest[],
  go: () => void,
): void {
  const refusal = count(endpoint.edge, registered, request, messages);
  const id = messages.length === 1 ? messages[0]!.id : null;
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
  messages: readonly JSONRPCRequest[],
): MaybePromise<RateRefusal | undefined> {
  const [first] = messages;
  if (first === undefined) return undefined;
  const toolIn = ({ method, params }: JSONRPCRequest) =>
    method === 'tools/call' ? registered?.toolOf(params?.['name'], request.authInfo) : undefined;
  if (messages.length === 1) {
    const tool = toolIn(first);
    return limits.use(request, tool, pointsOf(first.method, tool));
  }
  return limits.useAll(
    request,
    messages.map(message => {
      const tool = toolIn(message);
      return { tool, points: pointsOf(message.method, tool) };
    }),
  );
}
