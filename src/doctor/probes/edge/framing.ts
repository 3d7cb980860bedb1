/** Row 31: a front that speaks HTTP/1.0, or that can not pass on what has no length. */
import type { Effect } from '../../catalogue/catalogue-entry.ts';
import { exchanged } from '../../evidence.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { CLAUDE_RUNTIME, RUNTIME_INITIALIZE, runtimeProbe } from '../../observations/claude.ts';
import { isEventStream } from '../../observations/held-stream.ts';
import { mcpPost } from '../../observations/mcp-post.ts';
import { rpcAnswer } from '../../observations/rpc-answer.ts';
import type { Probe } from '../../probe.ts';

/** What servers say to HTTP/1.0: a front speaks it to them. */
const REFUSALS_OF_VERSION = new Set([426, 505]);

/** Rows that are about answers which come late, or not at all. */
const LATE = [36, 46, 75];

interface Fault {
  readonly effect: Effect;
  readonly note: string;
  readonly explains?: readonly number[];
}

function faultOf(exchange: Exchange): Fault | undefined {
  const { response } = exchange;
  if (response === undefined) return undefined;
  const { status, httpVersion, framing, end } = response;
  if (REFUSALS_OF_VERSION.has(status) && !response.headers.has('sec-websocket-accept')) {
    return { effect: 'fails', note: `The server refuses the version of HTTP that it is spoken to in: ${status}.` };
  }
  const answered = rpcAnswer(exchange, RUNTIME_INITIALIZE.id).result !== undefined;
  if (answered && framing === 'close' && end === 'timeout') {
    const note = 'The answer has no length, and the connection is not closed behind it.';
    return { effect: 'fails', note, explains: LATE };
  }
  if (httpVersion === '1.0') return { effect: 'risk', note: 'The answer comes as HTTP/1.0.' };
  if (framing === 'close' && isEventStream(response)) {
    return {
      effect: 'risk',
      note: 'An event stream comes without chunked transfer: its end is that of the connection.',
    };
  }
  return undefined;
}

export const framing: Probe = {
  name: 'framing of answers',
  stage: 'edge',
  rows: [31],
  async run(examination) {
    if (faultOf(await runtimeProbe(examination)) === undefined) return [];
    // Some servers frame by the end of the connection because that is what the doctor asks for.
    const exchange = await mcpPost(examination, {
      message: RUNTIME_INITIALIZE,
      voice: CLAUDE_RUNTIME,
      headers: [['Connection', 'keep-alive']],
    });
    const fault = faultOf(exchange);
    return fault === undefined ? [] : [{ row: 31, evidence: [exchanged(exchange)], ...fault }];
  },
};
