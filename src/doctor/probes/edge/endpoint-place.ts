/** Rows 9 and 10: the URL is not that of an MCP endpoint, and where there is one. */

import { type Evidence, exchanged, fact } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import {
  bareForm,
  DISCOVERY_INITIALIZE,
  discoveryProbe,
  neutralProbe,
  RUNTIME_INITIALIZE,
  runtimeProbe,
  slashedForm,
} from '../../observations/claude.ts';
import { elsewhere } from '../../observations/elsewhere.ts';
import { endpointPage, isHtml } from '../../observations/endpoint-page.ts';
import { isThrough } from '../../observations/passage.ts';
import { addsSlash, keepsOrigin, type Redirect, redirectOf } from '../../observations/redirect.ts';
import { signInPageOf } from '../../observations/sign-in-page.ts';
import type { Probe, Sighting } from '../../probe.ts';

/** A server answers there, and has nothing for a POST. */
const NOTHING_HERE = new Set([404, 405, 410, 411, 415, 419, 422, 501]);

async function speaksMcp(examination: Examination): Promise<boolean> {
  if (isThrough(await runtimeProbe(examination), RUNTIME_INITIALIZE.id)) return true;
  if (isThrough(await discoveryProbe(examination), DISCOVERY_INITIALIZE.id)) return true;
  return isThrough(await neutralProbe(examination), RUNTIME_INITIALIZE.id);
}

/** A redirect to another path of the same server. */
function movedTo(exchange: Exchange): Redirect | undefined {
  const redirect = redirectOf(exchange);
  if (redirect === undefined || !keepsOrigin(redirect) || signInPageOf(exchange) !== undefined) return undefined;
  return redirect.to.pathname === redirect.from.pathname || addsSlash(redirect) ? undefined : redirect;
}

/** 200 and nothing at all; a stream without events is something else. */
function isEmpty({ response }: Exchange): boolean {
  return response?.text.trim() === '' && !/event-stream/i.test(response.headers.get('content-type') ?? '');
}

/** Claude takes the slash off what was entered, and gets an answer; others ask for the form that was entered, and do not. */
async function slashTooMuch(examination: Examination): Promise<readonly Sighting[]> {
  const { entered, url } = examination;
  if (entered.pathname === url.pathname) return [];
  const [bare, slashed] = [await bareForm(examination), await slashedForm(examination)];
  const { status = 0 } = slashed?.response ?? {};
  if (slashed === undefined || !isThrough(bare, RUNTIME_INITIALIZE.id)) return [];
  const redirect = redirectOf(slashed);
  if (redirect === undefined && !NOTHING_HERE.has(status)) return [];
  const answer = redirect === undefined ? `is answered with ${status}` : `redirects to ${redirect.to.href}`;
  const note = `The URL with its slash ${answer}. It is at ${url.href}, which Claude asks for by itself; others do not.`;
  return [{ row: 9, evidence: [exchanged(slashed), exchanged(bare)], note, effect: 'risk' }];
}

async function whereItIs(examination: Examination): Promise<{ note: string; evidence: Evidence[] }> {
  const found = await elsewhere(examination);
  if (found === undefined) return { note: 'Nor do the usual paths of this host answer in MCP.', evidence: [] };
  const { url, transport, exchange } = found;
  const deprecated = transport === 'HTTP+SSE' ? ', over the deprecated transport HTTP+SSE' : '';
  return { note: `MCP is spoken at ${url.href}${deprecated}.`, evidence: [exchanged(exchange)] };
}

export const endpointPlace: Probe = {
  name: 'place of the endpoint',
  stage: 'edge',
  rows: [9, 10],
  async run(examination): Promise<readonly Sighting[]> {
    const exchange = await runtimeProbe(examination);
    const status = exchange.response?.status ?? 0;
    if (status === 0) return [];
    if (await speaksMcp(examination)) return slashTooMuch(examination);
    const moved = movedTo(exchange);
    const isAnswered = status >= 200 && status < 300;
    if (moved === undefined && !isAnswered && !NOTHING_HERE.has(status)) return [];
    if (moved !== undefined) {
      // 307 and 308 are followed with all that one came with, by most.
      const effect = moved.losesPost ? 'fails' : 'risk';
      const note = `It redirects to ${moved.to.href}: register that.`;
      return [{ row: 9, evidence: [exchanged(exchange)], note, effect }];
    }
    const page = await endpointPage(examination);
    if (page.kind === 'http+sse') {
      if (examination.url.pathname.endsWith('/sse')) return [];
      const text = 'GET opens the deprecated transport HTTP+SSE, which Claude speaks only where the URL ends in /sse';
      return [{ row: 9, evidence: [exchanged(exchange), fact(text)] }];
    }
    const { note, evidence: found } = await whereItIs(examination);
    const shown = page.kind === 'page' && !isHtml(exchange) ? [exchanged(page.exchange)] : [];
    const evidence = [exchanged(exchange), ...shown, ...found];
    const isPage = page.kind === 'page' || (isAnswered && (isHtml(exchange) || isEmpty(exchange)));
    return [{ row: isPage ? 10 : 9, evidence, note }];
  },
};
