/** Slipway's own log: one JSON line per call and per refused request (docs/reference/logging.md). */
import { isMember, jsonObject } from '../observations/rpc-answer.ts';
import type { Arrival, LineReader } from './arrival.ts';

function textIn(line: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = line[name];
  return typeof value === 'string' && value !== '' ? value.slice(0, 300) : undefined;
}

function callOf(line: Readonly<Record<string, unknown>>): Pick<Arrival, 'request' | 'answer' | 'isGood'> | undefined {
  const outcome = textIn(line, 'outcome');
  const method = textIn(line, 'method');
  if (method === undefined) return undefined;
  if (line['msg'] === 'call' && outcome !== undefined) {
    const code = typeof line['error_code'] === 'number' ? ` ${line['error_code']}` : '';
    return { request: method, answer: `${outcome}${code}`, isGood: outcome !== 'error' };
  }
  if (line['msg'] !== 'refused' || typeof line['status'] !== 'number') return undefined;
  const code = textIn(line, 'code');
  return {
    request: `${method} ${textIn(line, 'path') ?? ''}`.trim(),
    answer: `${line['status']}${code === undefined ? '' : ` ${code}`}`,
    isGood: false,
  };
}

export const slipwayLine: LineReader = (text): Arrival | undefined => {
  if (!text.startsWith('{')) return undefined;
  const line = jsonObject(text);
  const call = line === undefined ? undefined : callOf(line);
  if (line === undefined || call === undefined) return undefined;
  const time = Date.parse(textIn(line, 'time') ?? '');
  const client = line['client'];
  return {
    timeMs: Number.isNaN(time) ? undefined : time,
    address: textIn(line, 'address'),
    userAgent: textIn(line, 'user_agent') ?? (isMember(client) ? textIn(client, 'name') : undefined),
    ...call,
    saysClaude: line['claude'] === true,
  };
};
