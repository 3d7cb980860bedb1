/** Row 41: a notification is answered with 202 and nothing else (MCP 2025-11-25, basic/transports, Sending Messages). */
import type { Effect } from '../../catalogue/catalogue-entry.ts';
import { exchanged } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { askChanged, isServed, notifyChanged, usualRequest } from '../../observations/changed-request.ts';
import type { Probe } from '../../probe.ts';

const NOTIFICATION = 'notifications/initialized';

/** For the caller, not for the message: 401, 403, 429 and redirects have rows of their own. */
function verdictOf({ response, failure }: Exchange): { effect: Effect; note: string } | undefined {
  if (response === undefined) {
    return failure?.phase === 'answer' ? { effect: 'fails', note: 'It is not answered at all.' } : undefined;
  }
  const { status } = response;
  if (status === 202 || (status >= 300 && status < 400) || [401, 403, 407, 421, 429].includes(status)) return undefined;
  if (status >= 400) return { effect: 'fails', note: `It is refused with ${status}.` };
  return { effect: 'risk', note: `It is answered with ${status}, which strict clients take for a broken connection.` };
}

/** A failure of the moment is none of the server. */
async function isConfirmed(examination: Examination, seen: Exchange): Promise<boolean> {
  const usual = await usualRequest(examination);
  if (usual === undefined || !isServed(await askChanged(examination, usual.session, usual.method))) return false;
  if ((seen.response?.status ?? 0) < 500 && seen.response !== undefined) return true;
  if (seen.failure?.code === 'TIMEOUT') return true;
  const again = await notifyChanged(examination, usual.session, NOTIFICATION);
  return verdictOf(again)?.effect === 'fails';
}

export const notificationAnswer: Probe = {
  name: 'notifications',
  stage: 'mcp',
  rows: [41],
  needs: ['mcp'],
  async run(examination) {
    const notified = (await usualRequest(examination))?.session.notified;
    const verdict = notified && verdictOf(notified);
    if (notified === undefined || verdict === undefined) return [];
    return (await isConfirmed(examination, notified)) ? [{ row: 41, evidence: [exchanged(notified)], ...verdict }] : [];
  },
};
