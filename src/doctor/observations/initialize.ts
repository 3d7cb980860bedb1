/** Another handshake of the 2025 era, as Claude's second probe has it. */
import type { Examination } from '../examination.ts';
import { CLAUDE_RUNTIME, RUNTIME_INITIALIZE } from './claude.ts';
import { mcpPost } from './mcp-post.ts';
import { rpcAnswer } from './rpc-answer.ts';
import type { Asked } from './session.ts';

/** `Mcp-Session-Id` of an answer to it. */
export function sessionIdOf({ exchange }: Asked): string | undefined {
  return exchange.response?.headers.get('mcp-session-id');
}

/** @param protocolVersion what is offered */
export async function initialize(examination: Examination, protocolVersion: string): Promise<Asked> {
  const message = { ...RUNTIME_INITIALIZE, params: { ...RUNTIME_INITIALIZE.params, protocolVersion } };
  const exchange = await mcpPost(examination, { message, voice: CLAUDE_RUNTIME });
  return { exchange, answer: rpcAnswer(exchange, RUNTIME_INITIALIZE.id) };
}
