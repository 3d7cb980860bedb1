/** What is particular to the modern era: mirrored headers and `subscriptions/listen`. */

import type { StandardHeaders } from '../../protocol/classification.ts';
import type { Envelope } from '../../protocol/envelope.ts';
import { INVALID_PARAMS, INVALID_REQUEST, type JSONRPCRequest } from '../../protocol/json-rpc.ts';
import { checkParamHeaders } from '../../protocol/param-header.ts';
import { HEADER_MISMATCH, ProtocolError } from '../../protocol/protocol-error.ts';
import { standardHeaderFault } from '../../protocol/standard-headers.ts';
import type { SubscriptionFilter } from '../../protocol/subscription.ts';
import { type Call, NO_PARAMS } from '../../server/call.ts';
import { RequestContext } from '../../server/context.ts';
import { runAsCurrent } from '../../server/current-request.ts';
import { resultText } from '../../server/encoding.ts';
import { toWireError } from '../../server/fault.ts';
import { runWithin } from '../../server/middleware.ts';
import { paramsFault } from '../../server/params.ts';
import { audibleFilter } from '../../server/resource-subscription.ts';
import { acceptsEventStream } from './accept.ts';
import { answerCall } from './answer.ts';
import { challenged } from './challenge.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { codedBody, errorBody } from './error-body.ts';
import type { HttpRequest } from './http-request.ts';
import { ListenStream } from './listen-stream.ts';
import { limited } from './rate-limit-gate.ts';
import type { Responder } from './responder.ts';
import type { Served } from './served.ts';

/** MCP 2026-07-28, basic/transports/streamable-http, "Server Validation"; undefined when the headers mirror the body. */
function headerRefusal(
  served: Served,
  request: HttpRequest,
  message: JSONRPCRequest,
  headers: StandardHeaders,
): ProtocolError | undefined {
  const fault = standardHeaderFault(message, headers);
  if (fault !== undefined) {
    return new ProtocolError(HEADER_MISMATCH, `Header mismatch: ${fault.body}`, { mismatch: fault });
  }
  if (message.method !== 'tools/call' || served.registered === undefined) return undefined;
  const rules = served.registered.paramHeadersOf(message.params?.['name'], request.authInfo);
  if (rules.length === 0) return undefined;
  const mismatch = checkParamHeaders(rules, message.params?.['arguments'], name => request.header(name));
  return mismatch === undefined ? undefined : new ProtocolError(HEADER_MISMATCH, mismatch);
}

/** Answers one modern request. */
export function serveModern(
  endpoint: HttpEndpoint,
  served: Served,
  request: HttpRequest,
  responder: Responder,
  message: JSONRPCRequest,
  envelope: Envelope,
  headers: StandardHeaders,
): void {
  const { id, method, params = NO_PARAMS } = message;
  const refusal = headerRefusal(served, request, message, headers);
  if (refusal !== undefined) return endpoint.refuseRead(request, responder, id, refusal);
  const call: Call = { id, method, params, revision: envelope.revision, envelope };
  if (method === 'subscriptions/listen') {
    return limited(endpoint, undefined, request, responder, [message], () =>
      listen(endpoint, served, request, responder, call),
    );
  }
  limited(endpoint, served.registered, request, responder, [message], () =>
    challenged(endpoint, served, request, responder, [message], () =>
      answerCall(endpoint, served.server, request, responder, call),
    ),
  );
}

function listen(endpoint: HttpEndpoint, served: Served, request: HttpRequest, responder: Responder, call: Call): void {
  const { server } = served;
  const refuse = (error: unknown) => {
    const wire = toWireError(error, call.revision, server.logger, { method: call.method });
    responder.sendJson(200, errorBody(call.id, wire));
  };
  try {
    const fault = paramsFault(call.method, call.params);
    if (fault !== undefined) throw new ProtocolError(INVALID_PARAMS, `Invalid params: ${fault}`);
    endpoint.subscriptions.assertRoom();
  } catch (error) {
    return refuse(error);
  }
  if (!acceptsEventStream(request.header('accept'))) {
    const message = 'Not Acceptable: subscriptions/listen is answered with text/event-stream';
    return responder.sendJson(406, errorBody(call.id, { code: INVALID_REQUEST, message }));
  }
  // A factory or a middleware may have taken its time: the server stops by now, or the client has left and nothing would
  // ever tell to forget it.
  const open = () => {
    if (responder.gone) return {};
    if (endpoint.phase !== 'serving') {
      const headers = { 'retry-after': '1', connection: 'close' };
      responder.sendJson(503, codedBody('SLIP_STOPPING', {}, true, call.id), headers);
      return {};
    }
    endpoint.subscriptions.assertRoom();
    const wanted = audibleFilter(server, request.authInfo, call.params['notifications'] as SubscriptionFilter);
    new ListenStream(endpoint, responder).open(call.id, wanted, server);
    endpoint.watch.opened('listen', request);
    return {};
  };
  if (server.middleware.length === 0) return void open();
  // Middleware runs around the opening: it may refuse a stream as it may refuse a call.
  const exchange = endpoint.exchange(request, responder, [call.id], true);
  const context = new RequestContext(server, call, exchange);
  endpoint.enter();
  runAsCurrent(context, () => runWithin(server.middleware, open, context))
    .then(
      result =>
        responder.sendJson(
          200,
          `{"jsonrpc":"2.0","id":${JSON.stringify(call.id)},"result":${resultText(server.stamp, call, result)}}`,
        ),
      refuse,
    )
    .finally(() => endpoint.leave());
}
