/** Another handshake of the 2025 era, as Claude's second probe has it. */
import type { Examination } from '../examination.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { CLAUDE_RUNTIME, RUNTIME_INITIALIZE } from './claude.ts';
import { mcpPost } from './mcp-post.ts';
import { rpcAnswer } from './rpc-answer.ts';
import type { Asked } from './session.ts';

/** `Mcp-Session-Id` of an answer to it. */
export function sessionIdOf({ exchange }: Asked): string | undefined {
  return exchange.response?.headers.get('mcp-session-id');
}

/** DELETE, as clients do. */
export function endSession(examination: Examination, id: string): Promise<Exchange> {
  return examination.exchange({
    url: examination.url,
    method: 'DELETE',
    credentials: true,
    headers: [
      ['User-Agent', CLAUDE_RUNTIME.userAgent],
      ['Mcp-Session-Id', id],
    ],
  });
}

/** @param protocolVersion what is offered; a session that comes of it is ended with the examination */
export async function initialize(examination: Examination, protocolVersion: string): Promise<Asked> {
  const message = { ...RUNTIME_INITIALIZE, params: { ...RUNTIME_INITIALIZE.params, protocolVersion } };
  const exchange = await mcpPost(examination, { message, voice: CLAUDE_RUNTIME });
  const asked = { exchange, answer: rpcAnswer(exchange, RUNTIME_INITIALIZE.id) };
  const id = sessionIdOf(asked);
  if (id !== undefined) examination.atEnd(() => endSession(examination, id));
  return asked;
}
