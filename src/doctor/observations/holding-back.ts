/** Who keeps a stream from arriving: what stands in front, or the server. */
import { type Evidence, exchanged } from '../evidence.ts';
import { observation } from '../observation.ts';
import { fronts } from './fronts.ts';
import { getStream, type HeldStream, listenStream } from './held-stream.ts';

export interface HoldingBack {
  readonly by: 'front' | 'server';
  /** Of those that do such a thing, the outermost; absent where none was recognised. */
  readonly front?: string;
  readonly stream: HeldStream;
  readonly evidence: readonly Evidence[];
}

/** What is recognised and runs in the server's own process. */
const FRAMEWORKS = new Set(['Express', 'Starlette', 'MCP TypeScript SDK', 'MCP Python SDK or FastMCP', 'Slipway']);

/** Undefined where every stream that there is arrives. */
export const holdingBack = observation(async (examination): Promise<HoldingBack | undefined> => {
  const [get, listen] = await Promise.all([getStream(examination), listenStream(examination)]);
  const front = (await fronts(examination)).map(({ name }) => name).find(name => !FRAMEWORKS.has(name));
  const named = front === undefined ? {} : { front };
  // The first event of this one is the server's duty: where it is missing, something has it.
  if (listen?.state === 'silent' || listen?.state === 'idle') {
    return { by: 'front', ...named, stream: listen, evidence: [exchanged(listen.exchange)] };
  }
  if (get?.state !== 'silent') return undefined;
  // Of a header alone it is not plain who has it. A front that lets another stream pass collects no events; nginx with
  // buffering and HTTP/1.1 behind it does so, and yet keeps a header until there is a byte to send with it.
  const by = front === undefined || listen?.state === 'flowing' ? 'server' : 'front';
  return { by, ...named, stream: get, evidence: [exchanged(get.exchange)] };
});
