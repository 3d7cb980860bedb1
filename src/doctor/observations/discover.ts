/** `server/discover` of 2026-07-28, as Claude sends it since the summer of 2026. */
import type { Examination } from '../examination.ts';
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

/** A string, as the official client has it: servers that take numbers only fail here. */
export const DISCOVER_ID = 'server-discover-probe-1';

export interface Discovered {
  readonly exchange: Exchange;
  readonly answer: RpcAnswer;
}

/** Sends it once more; `discover` is what most want. */
export async function sendDiscover(examination: Examination): Promise<Discovered> {
  const exchange = await mcpPost(examination, {
    message: { jsonrpc: '2.0', id: DISCOVER_ID, method: 'server/discover', params: { _meta: MODERN_META } },
    voice: { ...CLAUDE_RUNTIME, revision: MODERN_REVISION },
    headers: [['Mcp-Method', 'server/discover']],
  });
  return { exchange, answer: rpcAnswer(exchange, DISCOVER_ID) };
}

export const discover = observation(sendDiscover);

/** Whether the server says of itself that it speaks 2026-07-28. */
export async function speaksModern(examination: Examination): Promise<boolean> {
  const versions = (await discover(examination)).answer.result?.['supportedVersions'];
  return Array.isArray(versions) && versions.includes(MODERN_REVISION);
}
