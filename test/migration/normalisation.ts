/**
 * What the comparison looks past, and why. Everything else must be equal, member by member.
 *
 * 1. The framing of a 2025-era answer. The SDK sends each one as an event stream, even when nothing precedes the
 *    result; Slipway sends plain JSON then. Clients of that era must accept both (MCP 2025-11-25, basic/transports).
 * 2. Values that each run mints: `requestState` and `elicitationId`. Their presence is compared, and the scripts send
 *    them back, so that each side reads its own.
 * 3. The ids of requests that the server sends, the progress token it attaches to them, and both in a cancellation
 *    (with its reason, a free text for logs): the sender picks them.
 * 4. Answers marked `differs`: they differ by a decision, which the script states for both sides with a reason, and
 *    `Peer` has checked each side against its own expectation already. With `words`, only the sentence is set aside
 *    (both answer the same code and data); with `places`, only those; otherwise the whole answer is.
 */

import type { Entry } from './peer.ts';

const MINTED = new Set(['requestState', 'elicitationId']);

function hideMinted(key: string, value: unknown): unknown {
  return MINTED.has(key) && typeof value === 'string' && /^v1\.|^[0-9a-f-]{36}$|^.{60,}$/.test(value)
    ? '<minted>'
    : value;
}

interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: { readonly _meta?: Record<string, unknown> };
  readonly result?: { readonly content?: readonly unknown[] };
  readonly error?: object;
}

/** A request that the server sends. */
function plainRequest(message: Message): unknown {
  const { _meta, ...params } = message.params ?? {};
  const { progressToken: _, ...meta } = _meta ?? {};
  return {
    ...message,
    id: '<chosen by the sender>',
    params: { ...params, ...(Object.keys(meta).length > 0 && { _meta: meta }) },
  };
}

function plainNotification(message: Message): unknown {
  if (message.method !== 'notifications/cancelled') return message;
  return { ...message, params: { requestId: '<chosen by the sender>' } };
}

function plainAnswer(message: Message, differs: Entry['differs']): unknown {
  if (differs === undefined || differs.places !== undefined) return message;
  if (!differs.words) return { id: message.id, answer: '<differs by decision>' };
  if (message.error !== undefined) return { ...message, error: { ...message.error, message: '<own words>' } };
  return { ...message, result: { ...message.result, content: message.result?.content?.map(() => '<own words>') } };
}

export function normalise(entry: Entry): unknown {
  const { headers, messages, differs, ...rest } = entry;
  const kept = { ...headers };
  if (entry.era !== 'modern' && entry.status === 200) delete kept['content-type'];
  const compared = messages.map(each => {
    if (typeof each !== 'object' || each === null) return each;
    const message = each as Message;
    if (message.method === undefined) return plainAnswer(message, differs);
    return message.id === undefined ? plainNotification(message) : plainRequest(message);
  });
  return { ...rest, headers: kept, messages: JSON.parse(JSON.stringify(compared, hideMinted)) };
}
