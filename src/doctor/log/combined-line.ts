/** The combined format of nginx and Apache, also with more fields behind it, such as the forwarded addresses. */
import { isIP } from 'node:net';
import type { Arrival, LineReader } from './arrival.ts';
import { isClaudeAddress } from './claude-network.ts';

const QUOTED = String.raw`"((?:[^"\\]|\\.)*)"`;
const LINE = new RegExp(
  String.raw`^(?:\S+ )?([\d.a-fA-F:]+) \S+ .{0,200}?\[([^\]]{10,40})\] ${QUOTED} (\d{3}|-) (?:\d+|-)(?: ${QUOTED} ${QUOTED})?(.*)$`,
);
const TIME = /^(\d{2})\/(\w{3})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `27/Nov/2026:10:00:00 +0100`, or ISO 8601. */
function timeOf(text: string): number | undefined {
  const found = TIME.exec(text);
  if (found === null) {
    const iso = Date.parse(text);
    return Number.isNaN(iso) ? undefined : iso;
  }
  const [, day, month, year, hour, minute, second, sign, offsetHours, offsetMinutes] = found;
  const local = Date.UTC(
    Number(year),
    MONTHS.indexOf(month!),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  return sign === '+' ? local - offset : local + offset;
}

/** The client behind a proxy that this server names at the end of its lines: the first address of Claude's among them. */
function forwardedIn(rest: string): string | undefined {
  return rest.split(/[\s",=[\]]+/).find(part => isIP(part) !== 0 && isClaudeAddress(part));
}

/** The path without its query, which may hold secrets. */
function requestText(request: string): string {
  const [method = '', target = ''] = request.split(' ');
  const path = target.replace(/[?#].*$/s, '').slice(0, 100);
  return /^[A-Z]{1,10}$/.test(method) ? `${method} ${path}` : '(no HTTP)';
}

export const combinedLine: LineReader = (line): Arrival | undefined => {
  const found = LINE.exec(line);
  if (found === null) return undefined;
  const [, address, time, request, status, , userAgent, rest] = found;
  return {
    timeMs: timeOf(time!),
    address: forwardedIn(rest!) ?? address,
    userAgent: userAgent === undefined || userAgent === '-' ? undefined : userAgent,
    request: requestText(request!),
    answer: status!,
    // A server without a stream for GET, and without sessions to end, says so with 405.
    isGood: /^2/.test(status!) || (status === '405' && /^(GET|DELETE) /.test(request!)),
    saysClaude: false,
  };
};
