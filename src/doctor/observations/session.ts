/** The conversation of the 2025 era that everything else is asked in: initialized once, ended with the examination. */
import type { Examination } from '../examination.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { observation } from '../observation.ts';
import { access } from './access.ts';
import { LEGACY_REVISION } from './claude.ts';
import { MODERN_META, MODERN_REVISION } from './discover.ts';
import { mcpPost, type Voice } from './mcp-post.ts';
import { type RpcAnswer, rpcAnswer } from './rpc-answer.ts';

export interface Session {
  /** `legacy`: after `initialize`. `modern`: the server speaks 2026-07-28 only. */
  readonly era: 'legacy' | 'modern';
  readonly voice: Voice;
  /** As negotiated. */
  readonly revision: string;
  /** `Mcp-Session-Id`, if the server gave one. */
  readonly id?: string;
  /** The result of `initialize`. */
  readonly initialized?: RpcAnswer;
  /** The answer to `notifications/initialized`. */
  readonly notified?: Exchange;
}

/** Undefined where the endpoint does not answer MCP requests. */
export const session = observation(async (examination): Promise<Session | undefined> => {
  const { state, voice, exchange, initialized } = await access(examination);
  if (state !== 'open') return undefined;
  if (initialized === undefined) {
    return { era: 'modern', voice: { ...voice, revision: MODERN_REVISION }, revision: MODERN_REVISION };
  }
  const agreed = initialized.result?.['protocolVersion'];
  const revision = typeof agreed === 'string' ? agreed : LEGACY_REVISION;
  const spoken: Voice = { ...voice, revision };
  const id = exchange.response?.headers.get('mcp-session-id');
  const message = { jsonrpc: '2.0', method: 'notifications/initialized' };
  const notified = await mcpPost(examination, { message, voice: spoken, sessionId: id });
  return { era: 'legacy', voice: spoken, revision, ...(id !== undefined && { id }), initialized, notified };
});

export interface Asked {
  readonly exchange: Exchange;
  readonly answer: RpcAnswer;
}

let lastId = 100;

/** One request within the session, in the era that it has. */
export async function ask(
  examination: Examination,
  within: Session,
  method: string,
  params: Readonly<Record<string, unknown>> = {},
): Promise<Asked> {
  const id = ++lastId;
  const modern = within.era === 'modern';
  const name = params['name'] ?? params['uri'];
  const exchange = await mcpPost(examination, {
    message: { jsonrpc: '2.0', id, method, params: modern ? { ...params, _meta: MODERN_META } : params },
    voice: within.voice,
    sessionId: within.id,
    headers: modern ? [['Mcp-Method', method], ...(typeof name === 'string' ? [['Mcp-Name', name] as const] : [])] : [],
  });
  return { exchange, answer: rpcAnswer(exchange, id) };
}
