/** A request that changes nothing, and that a server with sign-in may refuse as any other. */
import type { Examination } from '../examination.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { access } from './access.ts';
import { mcpPost } from './mcp-post.ts';

/** No server has a tool of this name. */
const NO_TOOL = 'slipway-doctor-no-such-tool';

export const HARMLESS_CALL_ID = 7;

/** A call of a tool that there is not, with text as its argument, in the voice that is answered. */
export async function harmlessCall(examination: Examination, text: string, impatient = false): Promise<Exchange> {
  const { voice, exchange } = await access(examination);
  return mcpPost(examination, {
    message: {
      jsonrpc: '2.0',
      id: HARMLESS_CALL_ID,
      method: 'tools/call',
      params: { name: NO_TOOL, arguments: { text } },
    },
    voice,
    sessionId: exchange.response?.headers.get('mcp-session-id'),
    impatient,
  });
}
