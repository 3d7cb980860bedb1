/** `server/discover` of 2026-07-28, as Claude sends it since the summer of 2026. */
import type { Exchange } from '../exchange/exchange.ts';
import { observation } from '../observation.ts';
import { CLAUDE_RUNTIME, RUNTIME_INITIALIZE } from './claude.ts';
import { mcpPost } from './mcp-post.ts';
import { type RpcAnswer, rpcAnswer } from './rpc-answer.ts';

export const MODERN_REVISION = '2026-07-28';

/** `_meta` of a request of 2026-07-28. */
export const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': MODERN_REVISION,
  'io.modelcontextprotocol/clientCapabilities': RUNTIME_INITIALIZE.params.capabilities,
  'io.modelcontextprotocol/clientInfo': RUNTIME_INITIALIZE.params.clientInfo,
} as const;

const ID = 'discover';

export interface Discovered {
  readonly exchange: Exchange;
  readonly answer: RpcAnswer;
}

export const discover = observation(async (examination): Promise<Discovered> => {
  const exchange = await mcpPost(examination, {
    message: { jsonrpc: '2.0', id: ID, method: 'server/discover', params: { _meta: MODERN_META } },
    voice: { ...CLAUDE_RUNTIME, revision: MODERN_REVISION },
    headers: [['Mcp-Method', 'server/discover']],
  });
  return { exchange, answer: rpcAnswer(exchange, ID) };
});
