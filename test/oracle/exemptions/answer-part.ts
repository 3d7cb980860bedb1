import type { Difference } from '../difference.ts';
import type { Exchange, Json } from '../exchange.ts';
import type { Answers } from '../exemption.ts';
import type { Answer } from '../replay.ts';
import { AUTHORED } from '../servers.ts';

/** What an object or array has at a path, own members only. */
export function memberOf(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const key of path) {
    if (found === null || typeof found !== 'object') return undefined;
    found = Object.hasOwn(found, key) ? Reflect.get(found, key) : undefined;
  }
  return found;
}

export function hasModernEra(exchange: Exchange): boolean {
  return exchange.era === '2026-07-28';
}

/**
 * The revision that a request of the older ones is answered in: the one its handshake asks for, else its header's, else
 * 2025-03-26 (2025-11-25, basic/transports, Protocol Version Header).
 */
export function olderRevision({ request }: Exchange): string {
  const body = typeof request.body === 'string' ? undefined : request.body;
  const asked = memberOf(body, 'method') === 'initialize' && memberOf(body, 'params', 'protocolVersion');
  if (typeof asked === 'string') return asked;
  return versionHeader(request.headers) ?? '2025-03-26';
}

/** The value of `MCP-Protocol-Version`. */
export function versionHeader(headers: Exchange['request']['headers']): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === 'mcp-protocol-version')?.[1];
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Whether a handler of the servers wrote this text. */
export function isAuthored(value: unknown): boolean {
  return isText(value) && value.includes(AUTHORED);
}

export function errorCode(answer: Answer): unknown {
  return memberOf(answer.messages[0], 'error', 'code');
}

/** Both sides refuse with this code, so that only what accompanies it may differ. */
export function bothAnswer(answers: Answers, code: number): boolean {
  return errorCode(answers.sdk) === code && errorCode(answers.slipway) === code;
}

/** The answer to a `ping`. */
export function isEmptyResult(message: Json | undefined): boolean {
  return JSON.stringify(memberOf(message, 'result')) === '{}';
}

export function isField(difference: Difference, pattern: RegExp): boolean {
  return pattern.test(difference.field);
}

/** The part of Slipway's answer that a field names, up to the first `levels` of its path. */
export function slipwayPart(difference: Difference, { slipway }: Answers, levels: number): unknown {
  return memberOf(slipway, ...difference.field.split('.').slice(0, levels));
}
