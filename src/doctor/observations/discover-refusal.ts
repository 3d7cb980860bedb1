/** How `server/discover` is not answered, and what the server would have wanted. */
import { type Evidence, exchanged, fact } from '../evidence.ts';
import type { Examination } from '../examination.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { observation } from '../observation.ts';
import { access } from './access.ts';
import { askChanged, type Change, isServed, usualRequest } from './changed-request.ts';
import { DISCOVER_ID, type Discovered, discover, sendDiscover } from './discover.ts';
import { type Asked, session } from './session.ts';

export interface DiscoverRefusal {
  /** `refused`: 400, or a failure of the server. `no-session`: 404, as for a session. `unanswered`: nothing. */
  readonly kind: 'refused' | 'no-session' | 'unanswered';
  /**
   * What was missing, where that is known: with an older revision in its header, or within a session, the same method
   * gets the answer that a server without it should give.
   */
  readonly wanted?: 'older revision' | 'session';
  readonly evidence: readonly Evidence[];
}

const METHOD_NOT_FOUND = -32601;
/** What the official SDKs have for it. */
const SESSION_NOT_FOUND = -32001;
/** Errors of 2026-07-28, by which a client sees that the server speaks it. */
const MODERN_ERRORS = new Set([-32020, -32021, -32022]);

function isProper({ exchange, answer }: Asked): boolean {
  const status = exchange.response?.status ?? 0;
  return (status === 200 || status === 404) && (answer.result !== undefined || answer.error?.code === METHOD_NOT_FOUND);
}

function isUnanswered({ response, failure }: Exchange, { answer }: Discovered): boolean {
  if (response === undefined) return failure?.phase === 'answer';
  if (response.status < 200 || response.status >= 300 || answer.error !== undefined) return false;
  // Of a stream, what comes before the answer is none.
  return response.events.length > 0 ? answer.result === undefined : response.text.replace(/^:.*$/gm, '').trim() === '';
}

/** Another 404 is what a server without the method may say. */
function isAboutSessions({ exchange, answer }: Discovered): boolean {
  return answer.error?.code === SESSION_NOT_FOUND || /session/i.test(exchange.response?.text ?? '');
}

function kindOf(discovered: Discovered): DiscoverRefusal['kind'] | undefined {
  const { exchange, answer } = discovered;
  const status = exchange.response?.status ?? 0;
  const code = answer.error?.code;
  if (answer.result !== undefined || code === METHOD_NOT_FOUND) return undefined;
  if (isUnanswered(exchange, discovered)) return 'unanswered';
  if (status === 404) return isAboutSessions(discovered) ? 'no-session' : undefined;
  if (status >= 500) return 'refused';
  return status === 400 && (code === undefined || !MODERN_ERRORS.has(code)) ? 'refused' : undefined;
}

function isSilent({ response, failure }: Exchange): boolean {
  return failure?.code === 'TIMEOUT' || response?.end === 'timeout';
}

/** What happens at times only is no refusal. Silence is not waited for twice: that the server answers others is enough. */
async function isConfirmed(examination: Examination, first: Discovered): Promise<boolean> {
  if (first.exchange.response?.status === 400 || first.exchange.response?.status === 404) return true;
  if (!isSilent(first.exchange)) return kindOf(await sendDiscover(examination)) === kindOf(first);
  const usual = await usualRequest(examination);
  return usual !== undefined && isServed(await askChanged(examination, usual.session, usual.method));
}

async function wantedOf(examination: Examination): Promise<Pick<DiscoverRefusal, 'wanted'>> {
  const within = await session(examination);
  if (within?.era !== 'legacy') return {};
  const ask = (change: Change) => askChanged(examination, within, 'server/discover', { id: DISCOVER_ID, ...change });
  const [older, inSession] = await Promise.all([
    ask({ sessionId: null }),
    within.id === undefined ? undefined : ask({}),
  ]);
  if (isProper(older)) return { wanted: 'older revision' };
  return inSession !== undefined && isProper(inSession) ? { wanted: 'session' } : {};
}

/** Undefined where it is answered as it may be, and where nothing at all is. */
export const discoverRefusal = observation(async (examination): Promise<DiscoverRefusal | undefined> => {
  const { state, initialized, exchange } = await access(examination);
  // Of a server that does not answer initialize either, discover says nothing.
  if (state !== 'open' || initialized === undefined) return undefined;
  const discovered = await discover(examination);
  const kind = kindOf(discovered);
  if (kind === undefined || !(await isConfirmed(examination, discovered))) return undefined;
  const control = fact(`initialize is answered after ${Math.round(exchange.timings.endMs)} ms`);
  return { kind, ...(await wantedOf(examination)), evidence: [exchanged(discovered.exchange), control] };
});
