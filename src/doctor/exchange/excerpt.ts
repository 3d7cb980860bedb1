/** What people are shown of an exchange: the lines that tell something, bounded. Secrets are hidden later, by name. */
import type { Exchange, SentRequest } from './exchange.ts';

const MAX_BODY_CHARS = 400;
const MAX_HEADER_CHARS = 300;

/** Headers of a request that a reader needs to repeat it; the rest is as everywhere. */
const DULL = new Set(['host', 'connection', 'content-length', 'accept-encoding']);
/** Headers of a response that say something about a fault or about who answered. */
const TELLING =
  /^(content-type|content-encoding|content-length|transfer-encoding|location|allow|server|via|www-authenticate|mcp-.*|access-control-.*|set-cookie|retry-after|cf-.*|x-amzn.*|x-cache|x-accel-.*|content-security-policy|vary|x-powered-by)$/i;

function bounded(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length} characters)`;
}

function headerLines(headers: Iterable<readonly [string, string]>, shown: (name: string) => boolean): string[] {
  return [...headers]
    .filter(([name]) => shown(name))
    .map(([name, value]) => `${name}: ${bounded(value, MAX_HEADER_CHARS)}`)
    .slice(0, 20);
}

function withBody(lines: readonly string[], body: string): string {
  return body === '' ? lines.join('\n') : [...lines, '', bounded(body, MAX_BODY_CHARS)].join('\n');
}

export function excerptOfRequest({ method, url, headers, body }: SentRequest): string {
  return withBody([`${method} ${url}`, ...headerLines(headers, name => !DULL.has(name.toLowerCase()))], body);
}

const ENDS: Readonly<Record<string, string>> = {
  'too-large': '(the body is larger than the doctor reads)',
  timeout: '(and then nothing until the time was up)',
  cut: '(the connection ended in the middle of the body)',
  undecodable: '(the body could not be decoded)',
};

export function excerptOfResponse({ response, failure, timings }: Exchange): string {
  if (response === undefined)
    return `(no answer after ${Math.round(timings.endMs)} ms: ${failure?.message ?? 'unknown'})`;
  const { httpVersion, status, reason, headers, text, end } = response;
  const lines = [
    `HTTP/${httpVersion} ${status} ${reason}`.trimEnd(),
    ...headerLines(headers, name => TELLING.test(name)),
  ];
  const remark = ENDS[end];
  return [withBody(lines, text.trim()), ...(remark === undefined ? [] : [remark])].join('\n');
}
