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

/** The server says that it does not know the session: by the status, or in words. */
function isUnknown({ exchange, answer }: Asked): boolean {
  const { response } = exchange;
  if (response === undefined || answer.result !== undefined || answer.error?.code === -32601) return false;
  return response.status === 404 || response.status === 400 || /session/i.test(answer.error?.message ?? '');
}

function isKnown({ exchange, answer }: Asked): boolean {
  return exchange.response?.status === 200 && (answer.result !== undefined || answer.error?.code === -32601);
}

async function round(examination: Examination, within: Session): Promise<readonly Asked[]> {
  return Promise.all(Array.from({ length: CONNECTIONS_AT_ONCE }, () => ask(examination, within, 'ping')));
}

/** Undefined where the server gives no session, or where its answers say nothing about one. */
export const sessionUse = observation(async (examination): Promise<SessionUse | undefined> => {
  const within = await session(examination);
  if (within?.era !== 'legacy' || within.id === undefined) return undefined;
  const asked: Asked[] = [];
  for (let rounds = 0; rounds < ROUNDS; rounds++) asked.push(...(await round(examination, within)));
  const known = asked.filter(isKnown);
  const unknown = asked.filter(isUnknown);
  if (unknown.length === 0) return known.length === 0 ? undefined : { state: 'kept', known, unknown };
  // A session that has ended meanwhile is not known again.
  const again = known.length === 0 ? [] : (await round(examination, within)).filter(isKnown);
  return again.length > 0
    ? { state: 'scattered', known: [...known, ...again], unknown }
    : { state: 'lost', known, unknown };
});
