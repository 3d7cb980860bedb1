/** Whether a session can be used over any connection: each request of the doctor has one of its own. */
import type { Examination } from '../examination.ts';
import { observation } from '../observation.ts';
import { type Asked, ask, type Session, session } from './session.ts';

export interface SessionUse {
  /** `kept`: known to whoever answers. `scattered`: known to some of them. `lost`: known to nobody. */
  readonly state: 'kept' | 'scattered' | 'lost';
  readonly known: readonly Asked[];
  readonly unknown: readonly Asked[];
}

/** Of two processes that take turns at random, one would have to be missed by all of these. */
const CONNECTIONS_AT_ONCE = 4;
const ROUNDS = 2;
/** Then one after the other, as a server that takes one request of a session at a time would have them. */
const CONNECTIONS_IN_TURN = 10;

/** The server says that it does not know the session: by the status, or in words. */
function isUnknown({ exchange, answer }: Asked): boolean {
  const { response } = exchange;
  if (response === undefined || answer.result !== undefined || answer.error?.code === -32601) return false;
  return response.status === 404 || response.status === 400 || /session/i.test(answer.error?.message ?? '');
}

function isKnown({ exchange, answer }: Asked): boolean {
  return exchange.response?.status === 200 && (answer.result !== undefined || answer.error?.code === -32601);
}

/** Known after it was not: it has not ended, it depends on who answers. */
function isScattered(asked: readonly Asked[]): boolean {
  const first = asked.findIndex(isUnknown);
  return first >= 0 && asked.slice(first).some(isKnown);
}

async function inTurn(examination: Examination, within: Session): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  while (asked.length < CONNECTIONS_IN_TURN && !isScattered(asked)) {
    asked.push(await ask(examination, within, 'ping'));
  }
  return asked;
}

/** Undefined where the server gives no session, or where its answers say nothing about one. */
export const sessionUse = observation(async (examination): Promise<SessionUse | undefined> => {
  const within = await session(examination);
  if (within?.era !== 'legacy' || within.id === undefined) return undefined;
  const asked: Asked[] = [];
  for (let rounds = 0; rounds < ROUNDS; rounds++) {
    const round = Array.from({ length: CONNECTIONS_AT_ONCE }, () => ask(examination, within, 'ping'));
    asked.push(...(await Promise.all(round)));
  }
  if (!asked.some(isUnknown)) return asked.some(isKnown) ? { state: 'kept', known: asked, unknown: [] } : undefined;
  const last = await inTurn(examination, within);
  if (!last.some(isUnknown)) return last.some(isKnown) ? { state: 'kept', known: last, unknown: [] } : undefined;
  const all = [...asked, ...last];
  return {
    state: isScattered(last) ? 'scattered' : 'lost',
    known: all.filter(isKnown),
    unknown: all.filter(isUnknown),
  };
});
