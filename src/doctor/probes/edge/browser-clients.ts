/** Rows 86 to 89: what keeps clients in a browser out, where the server means to let them in. */
import { exchanged } from '../../evidence.ts';
import { allowedOrigins, type BrowserView, browserView, isShownTo, listed } from '../../observations/browser-view.ts';
import type { Probe, Sighting } from '../../probe.ts';

/** Only the 2026 era sends these, and clients have another. */
const OF_ONE_ERA = new Set(['mcp-method', 'mcp-name']);

function duplicated({ answer, preflight }: BrowserView): Sighting | undefined {
  const found = [answer, preflight].find(exchange => allowedOrigins(exchange).length > 1);
  return found && { row: 89, evidence: [exchanged(found)] };
}

function refused({ origin, answer, preflight }: BrowserView): Sighting | undefined {
  const { status = 0 } = preflight.response ?? {};
  const evidence = [exchanged(preflight), exchanged(answer)];
  if (isShownTo(answer, origin)) {
    const passes = status >= 200 && status < 300 && isShownTo(preflight, origin);
    return passes ? undefined : { row: 86, evidence };
  }
  // It lets no page in, which it may; the preflight says so in a misleading way.
  if (status !== 401) return undefined;
  return { row: 86, effect: 'note', evidence, note: 'No answer has CORS headers: pages are not meant to get in.' };
}

function missingHeaders({ origin, answer, preflight, needed }: BrowserView): Sighting | undefined {
  if (preflight.response === undefined || !isShownTo(answer, origin)) return undefined;
  const allowed = listed(preflight.response.headers, 'access-control-allow-headers');
  // The star is for all but this one (Fetch standard, 4.8).
  const missing = needed.filter(name => !allowed.has(name) && !(allowed.has('*') && name !== 'authorization'));
  if (missing.length === 0) return undefined;
  const effect = missing.every(name => OF_ONE_ERA.has(name)) ? 'risk' : 'fails';
  return { row: 87, effect, evidence: [exchanged(preflight)], note: `Not allowed: ${missing.join(', ')}.` };
}

function hiddenSession({ origin, answer }: BrowserView): Sighting | undefined {
  const { headers } = answer.response ?? {};
  if (headers === undefined || !headers.has('mcp-session-id') || !isShownTo(answer, origin)) return undefined;
  const exposed = listed(headers, 'access-control-expose-headers');
  return exposed.has('mcp-session-id') || exposed.has('*') ? undefined : { row: 88, evidence: [exchanged(answer)] };
}

export const browserClients: Probe = {
  name: 'clients in a browser',
  stage: 'edge',
  rows: [86, 87, 88, 89],
  async run(examination) {
    const view = await browserView(examination);
    if (view === undefined) return [];
    const first = duplicated(view) ?? refused(view);
    if (first !== undefined) return [first];
    return [missingHeaders(view), hiddenSession(view)].filter(sighting => sighting !== undefined);
  },
};
