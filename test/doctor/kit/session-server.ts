/** The healthy server with sessions of the 2025 era in its memory, which a client may leave out. */
import { randomUUID } from 'node:crypto';
import type { Fault, FixtureAnswer, FixtureRequest } from './fixture-request.ts';

/** What a request or a notification is refused with. */
export type Refusal = (request: FixtureRequest) => FixtureAnswer;

export interface SessionsOptions {
  /** For who names no session, and does not begin one. Default: served. */
  readonly without?: Refusal;
  /** For a request with a session that there is not. Default: 404. */
  readonly unknown?: Refusal;
  /** For a notification with one. Default: 202. */
  readonly unknownNotification?: Refusal;
}

/** A refusal in JSON-RPC. */
export function refusal(status: number, message: string, code = -32000): Refusal {
  return ({ message: asked }) => ({
    status,
    body: { jsonrpc: '2.0', id: asked?.id ?? null, error: { code, message } },
  });
}

export const NOT_FOUND = refusal(404, 'Session not found', -32001);

function isModern({ message }: FixtureRequest): boolean {
  const meta = message?.params?.['_meta'] as Record<string, unknown> | undefined;
  return meta?.['io.modelcontextprotocol/protocolVersion'] !== undefined;
}

/**
 * As a fault that is none: for `fault` of the base. One call is one process: what it knows is its own.
 *
 * @param servesModern requests of 2026-07-28 have no sessions; default: there are none of those
 */
export function sessions(options: SessionsOptions = {}, servesModern = false): Fault {
  const { unknown = NOT_FOUND, unknownNotification = () => ({ status: 202 }), without } = options;
  const known = new Set<string>();
  return async (request, healthy): Promise<FixtureAnswer> => {
    const { method, message, headers, url } = request;
    if (url.pathname !== '/mcp' || method === 'OPTIONS' || (servesModern && isModern(request))) return healthy();
    const id = headers['mcp-session-id'];
    if (method === 'POST' && message?.method === 'initialize' && id === undefined) {
      const answer = await healthy();
      if ((answer.status ?? 200) !== 200) return answer;
      const made = randomUUID();
      known.add(made);
      return { ...answer, headers: { ...answer.headers, 'Mcp-Session-Id': made } };
    }
    if (typeof id === 'string' && !known.has(id)) {
      return method === 'POST' && message?.id === undefined ? unknownNotification(request) : unknown(request);
    }
    if (method === 'DELETE') return known.delete(String(id)) ? { status: 204 } : { status: 405 };
    if (id === undefined && method === 'POST' && without !== undefined) return without(request);
    return healthy();
  };
}
