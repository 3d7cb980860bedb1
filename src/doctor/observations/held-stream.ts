/** Streams that stay open: the GET stream of a session, and `subscriptions/listen` of 2026-07-28. */
import type { Examination } from '../examination.ts';
import type { Exchange, ReceivedResponse } from '../exchange/exchange.ts';
import type { StreamEvent } from '../exchange/stream-event.ts';
import { observation } from '../observation.ts';
import { discover, MODERN_META, MODERN_REVISION } from './discover.ts';
import { CODINGS, mcpPost } from './mcp-post.ts';
import { ask, type Session, session } from './session.ts';

/**
 * What came of a stream within `limits.firstEventMs`. `refused`: something else than an event stream. `silent`: not even
 * a header, while the server answers other requests at once. `idle`: a header. `flowing`: an event. `ended`: its end.
 */
export type StreamState = 'refused' | 'silent' | 'idle' | 'flowing' | 'ended';

export interface HeldStream {
  readonly method: 'GET' | 'subscriptions/listen';
  readonly state: StreamState;
  readonly exchange: Exchange;
  /** Of the session that it belongs to. */
  readonly session: Session;
}

/** How many times faster another answer has to be before silence is taken for silence. */
const PATIENCE = 4;

export function isEventStream(response: ReceivedResponse | undefined): response is ReceivedResponse {
  return /^\s*text\/event-stream\b/i.test(response?.headers.get('content-type') ?? '');
}

const FIRST = () => true;

export function stateOf({ response, failure }: Exchange): StreamState {
  if (response === undefined) return failure?.phase === 'answer' && failure.code === 'TIMEOUT' ? 'silent' : 'refused';
  if (response.status !== 200 || !isEventStream(response)) return 'refused';
  if (response.events.length > 0) return 'flowing';
  return response.end === 'timeout' ? 'idle' : 'ended';
}

interface OpenOptions {
  readonly timeoutMs: number;
  /** Ends reading after the event for which it is true; default: after the first. */
  readonly stop?: (event: StreamEvent) => boolean;
  /** `Accept-Encoding`; default: what Claude sends. */
  readonly codings?: string;
}

type OpenStream = (examination: Examination, within: Session, options: OpenOptions) => Promise<Exchange>;

/** The GET stream of a session, as clients open it. */
export const openGetStream: OpenStream = (examination, within, { timeoutMs, stop = FIRST, codings = CODINGS }) => {
  const { voice, revision, id } = within;
  return examination.exchange({
    url: examination.url,
    credentials: true,
    timeoutMs,
    headers: [
      ['Accept', 'text/event-stream'],
      ['Accept-Encoding', codings],
      ['User-Agent', voice.userAgent],
      ['MCP-Protocol-Version', revision],
      ...(id === undefined ? [] : [['Mcp-Session-Id', id] as const]),
    ],
    stop,
  });
};

/** `subscriptions/listen`, which a server has to acknowledge at once. */
export const openListenStream: OpenStream = (examination, within, { timeoutMs, stop = FIRST, codings = CODINGS }) => {
  const params = { notifications: { toolsListChanged: true }, _meta: MODERN_META };
  return mcpPost(examination, {
    message: { jsonrpc: '2.0', id: 'listen', method: 'subscriptions/listen', params },
    voice: { ...within.voice, revision: MODERN_REVISION },
    headers: [['Mcp-Method', 'subscriptions/listen']],
    timeoutMs,
    stop,
    codings,
  });
};

/** Milliseconds that a small request takes; undefined where it is not answered. */
async function usualMs(examination: Examination, within: Session): Promise<number | undefined> {
  const { exchange } = await ask(examination, within, within.era === 'modern' ? 'server/discover' : 'ping');
  return exchange.response === undefined ? undefined : exchange.timings.endMs;
}

/**
 * Opens a stream, and makes sure that the server is not merely slow with everything.
 *
 * @param method of the GET stream the header has to come at once, of the other its first event
 */
async function held(
  examination: Examination,
  within: Session,
  open: OpenStream,
  method: HeldStream['method'],
): Promise<HeldStream | undefined> {
  const { firstEventMs, exchangeMs } = examination.limits;
  for (let patienceMs = firstEventMs; ; ) {
    const exchange = await open(examination, within, { timeoutMs: patienceMs });
    const state = stateOf(exchange);
    const isMissing = state === 'silent' || (state === 'idle' && method !== 'GET');
    if (!isMissing) return { method, state, exchange, session: within };
    const usual = await usualMs(examination, within);
    if (usual === undefined) return undefined;
    if (usual * PATIENCE <= patienceMs) return { method, state, exchange, session: within };
    if (patienceMs >= exchangeMs) return undefined;
    patienceMs = Math.min(exchangeMs, Math.max(2 * patienceMs, 2 * PATIENCE * usual));
  }
}

/** Undefined where there is no session of the 2025 era, or where nothing can be said. */
export const getStream = observation(async (examination): Promise<HeldStream | undefined> => {
  const within = await session(examination);
  return within?.era === 'legacy' ? held(examination, within, openGetStream, 'GET') : undefined;
});

/** Undefined where 2026-07-28 is not spoken, or where nothing can be said. */
export const listenStream = observation(async (examination): Promise<HeldStream | undefined> => {
  const within = await session(examination);
  const versions = (await discover(examination)).answer.result?.['supportedVersions'];
  if (within === undefined || !Array.isArray(versions) || !versions.includes(MODERN_REVISION)) return undefined;
  return held(examination, within, openListenStream, 'subscriptions/listen');
});
