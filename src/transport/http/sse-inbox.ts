import type { AuthInfo } from '../../protocol/auth-info.ts';
import { INVALID_REQUEST, isJSONRPCRequest, type JSONRPCRequest } from '../../protocol/json-rpc.ts';
import { ProtocolError } from '../../protocol/protocol-error.ts';
import { DEFAULT_NEGOTIATED_PROTOCOL_VERSION } from '../../protocol/revision.ts';
import { toWireError } from '../../server/fault.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { errorBody } from './error-body.ts';
import type { SseChannel } from './sse-channel.ts';
import { openLetter } from './sse-letter.ts';

/**
 * Refuses what the caller's token has not the scopes for. It can not be a 403 any more: the POST was answered by a
 * process that may not have known the server that says so.
 */
async function assertScopes({ served }: SseChannel, request: JSONRPCRequest, authInfo: AuthInfo | undefined) {
  const { registered } = served;
  if (registered === undefined || !registered.challenges) return;
  const challenge = await registered.resolveScopeChallenge({ request, ...(authInfo && { authInfo }) });
  if (challenge === undefined) return;
  const scopes = challenge.scopes.join(' ');
  throw new ProtocolError(INVALID_REQUEST, `insufficient_scope: ${scopes}`, {
    error: 'insufficient_scope',
    scope: scopes,
  });
}

/** Takes a message that the client posted to another process. Never throws. */
export function receiveLetter(endpoint: HttpEndpoint, channel: SseChannel, sealed: string): void {
  const letter = openLetter(endpoint.keyring, channel.session.key, sealed);
  if (letter === undefined) {
    return endpoint.report(new Error('A letter to an event stream was not sealed by this deployment'));
  }
  const { message, extra } = letter;
  if (!isJSONRPCRequest(message)) return channel.receive(message, extra);
  const { id, method } = message;
  const limit = endpoint.limits.maxConcurrentRequests;
  if (channel.draining) return channel.refuse(id, 'SLIP_STOPPING', {});
  if (endpoint.inFlight.calls >= limit) return channel.refuse(id, 'SLIP_OVERLOADED', { limit });
  if (channel.busy) return channel.refuse(id, 'SLIP_CALLER_BUSY', { limit: endpoint.edge.callers!.limit });
  endpoint.enter();
  assertScopes(channel, message, extra.authInfo)
    .then(
      () => channel.receive(message, extra),
      error => {
        const about = { method, during: 'scope challenge' };
        const wire = toWireError(error, DEFAULT_NEGOTIATED_PROTOCOL_VERSION, endpoint.logger, about);
        void channel.sendText(errorBody(id, wire));
      },
    )
    .finally(() => endpoint.leave());
}
