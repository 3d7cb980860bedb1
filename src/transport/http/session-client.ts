/** The client of a session, and what it sends beside its requests. */
import {
  INTERNAL_ERROR,
  type JSONRPCNotification,
  type JSONRPCResponse,
  type RequestId,
} from '../../protocol/json-rpc.ts';
import type { Progress } from '../../protocol/progress.ts';
import type { Session } from '../../session/session.ts';
import type { SessionFloor } from '../../session/session-floor.ts';
import { storeFault } from '../../session/sessions.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { errorBody } from './error-body.ts';
import type { Responder } from './responder.ts';

export interface SessionClient {
  readonly floor: SessionFloor;
  readonly session: Session;
}

const isId = (value: unknown): value is RequestId => typeof value === 'string' || typeof value === 'number';

/** Takes an answer to a question of ours, its progress, or the cancellation of a call. */
async function take(
  endpoint: HttpEndpoint,
  { floor, session }: SessionClient,
  message: JSONRPCNotification | JSONRPCResponse,
): Promise<void> {
  if (!('method' in message)) {
    if (await floor.questions.answered(session.key, message)) return;
    return endpoint.report(new Error(`Received a response that nobody waits for: ${JSON.stringify(message.id)}`));
  }
  const params = message.params as { requestId?: unknown; reason?: unknown; progressToken?: unknown } | undefined;
  if (message.method === 'notifications/cancelled' && isId(params?.requestId)) {
    const reason = typeof params.reason === 'string' ? params.reason : undefined;
    await floor.running.cancel(session.key, params.requestId, reason);
  } else if (message.method === 'notifications/progress' && isId(params?.progressToken)) {
    await floor.questions.progressed(session.key, params.progressToken, params as unknown as Progress);
  }
}

/** Takes what needs no answer and accepts it: 202 says that it has arrived, so it is said when it has. */
export function acceptForSession(
  endpoint: HttpEndpoint,
  client: SessionClient | undefined,
  responder: Responder,
  messages: readonly (JSONRPCNotification | JSONRPCResponse)[],
): void {
  if (client === undefined) return responder.sendOther(202, {});
  endpoint.enter();
  Promise.all(messages.map(message => take(endpoint, client, message)))
    .then(
      () => responder.sendOther(202, {}),
      error => {
        endpoint.report(error);
        const { message, data } = storeFault(error, endpoint.logger);
        responder.sendJson(503, errorBody(null, { code: INTERNAL_ERROR, message, data }), { 'retry-after': '1' });
      },
    )
    .finally(() => endpoint.leave());
}

/** The same beside requests that are answered themselves. Never throws. */
export function receiveForSession(
  endpoint: HttpEndpoint,
  client: SessionClient,
  message: JSONRPCNotification | JSONRPCResponse,
): void {
  take(endpoint, client, message).catch(error => {
    endpoint.report(error);
    storeFault(error, endpoint.logger);
  });
}
