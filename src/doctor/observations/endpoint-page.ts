/** What a GET shows at the URL: a web page, the beginning of the deprecated HTTP+SSE transport, or neither. */
import type { Examination } from '../examination.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { observation } from '../observation.ts';
import { NEUTRAL } from './claude.ts';

export interface EndpointPage {
  readonly kind: 'page' | 'http+sse' | 'other';
  readonly exchange: Exchange;
}

/** Whether an answer is HTML, by its media type or by how it begins. */
export function isHtml({ response }: Exchange): boolean {
  if (response === undefined) return false;
  const mediaType = response.headers.get('content-type') ?? '';
  return /^\s*(text\/html|application\/xhtml)/i.test(mediaType) || /^\s*<(!doctype html|html)\b/i.test(response.text);
}

/** One GET, in no particular voice; a stream is read as far as its first event. */
export async function look(examination: Examination, url: URL): Promise<EndpointPage> {
  const exchange = await examination.exchange({
    url,
    credentials: true,
    timeoutMs: examination.limits.firstEventMs,
    headers: [
      ['Accept', 'text/event-stream, text/html;q=0.9, */*;q=0.5'],
      ['User-Agent', NEUTRAL.userAgent],
    ],
    stop: () => true,
  });
  const { response } = exchange;
  if (response?.events[0]?.type === 'endpoint') return { kind: 'http+sse', exchange };
  return { kind: response?.status === 200 && isHtml(exchange) ? 'page' : 'other', exchange };
}

export const endpointPage = observation(examination => look(examination, examination.url));
