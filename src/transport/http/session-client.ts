/** The client of a session, and what it sends beside its requests. */
import type { JSONRPCNotification, JSONRPCResponse, RequestId } from '../../protocol/json-rpc.ts';
import type { Progress } from '../../protocol/progress.ts';
import type { Session } from '../../session/session.ts';
import type { SessionFloor } from '../../session/session-floor.ts';
import type { HttpEndpoint } from './endpoint.ts';

export interface SessionClient {
  readonly floor: SessionFloor;
  readonly session: Session;
}

const isId = (value: unknown): value is RequestId => typeof value === 'string' || typeof value === 'number';

/** Takes an answer to a question of ours, its progress, or the cancellation of a call. Never throws. */
export function receiveForSession(
  endpoint: HttpEndpoint,
  { floor, session }: SessionClient,
  message: JSONRPCNotification | JSONRPCResponse,
): void {
  const take = async (): Promise<void> => {
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
  };
  take().catch(error => {
    endpoint.report(error);
    endpoint.logger.warn({ error }, 'a message of a client could not be passed on');
  });
}
