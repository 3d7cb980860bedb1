/** What a response says in JSON-RPC, whether it came as JSON or as an event stream. */
import type { Exchange } from '../exchange/exchange.ts';

export type JsonMember = { readonly [name: string]: unknown };

export interface RpcAnswer {
  readonly result?: JsonMember;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
  /** Why it is neither: `no answer`, `HTML`, `not JSON`, `empty`, `another message`. */
  readonly problem?: string;
}

export function isMember(value: unknown): value is JsonMember {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @returns undefined for text that is no JSON, and for JSON that is no object */
export function jsonObject(text: string): JsonMember | undefined {
  const value = parsed(text);
  return isMember(value) ? value : undefined;
}

/** Messages of a response, in order. */
function messagesOf({ response }: Exchange): readonly unknown[] {
  if (response === undefined) return [];
  if (response.events.length > 0) return response.events.map(({ data }) => parsed(data));
  const value = parsed(response.text);
  return Array.isArray(value) ? value : [value];
}

function problemOf({ response }: Exchange): string {
  if (response === undefined) return 'no answer';
  if (response.text.trim() === '') return 'empty';
  if (/^\s*<(!doctype|html)/i.test(response.text)) return 'HTML';
  return messagesOf({ response } as Exchange).some(isMember) ? 'another message' : 'not JSON';
}

/**
 * The answer to one request. An error without an id counts, because a server that refuses early has not read it.
 *
 * @param id of the request
 */
export function rpcAnswer(exchange: Exchange, id: string | number): RpcAnswer {
  for (const message of messagesOf(exchange)) {
    if (!isMember(message)) continue;
    const { error, result } = message;
    if (isMember(error) && typeof error['code'] === 'number' && (message['id'] === id || message['id'] == null)) {
      const { code, data } = error as { code: number; data?: unknown };
      return { error: { code, message: String(error['message'] ?? ''), ...(data !== undefined && { data }) } };
    }
    if (isMember(result) && message['id'] === id) return { result };
  }
  return { problem: problemOf(exchange) };
}
