/** Who hears of changes of single resources: MCP 2025-11-25, server/resources; 2026-07-28, basic/patterns/subscriptions. */
import type { AuthInfo } from '../protocol/auth-info.ts';
import type { SubscriptionFilter } from '../protocol/subscription.ts';
import type { Operation } from './middleware.ts';
import { isThenable } from './outcome.ts';
import type { Server } from './server.ts';

/**
 * For the 2025 era: has the peer remember what a client subscribes to, once `operation` has agreed to it. A resource that is hidden from
 * the client is answered like any other that does not exist, and not remembered.
 *
 * @param method any method; other ones than `resources/subscribe` and `resources/unsubscribe` are left as they are
 */
export function rememberingSubscriptions(server: Server, method: string, operation: Operation): Operation {
  const subscribes = method === 'resources/subscribe';
  if (!subscribes && method !== 'resources/unsubscribe') return operation;
  return async (context, params) => {
    const answer = operation(context, params);
    const outcome = isThenable(answer) ? await answer : answer;
    const { peer } = context;
    const uri = params['uri'] as string;
    if (!subscribes) await peer.unsubscribe?.(uri);
    else if (!server.hidesResource?.(uri, peer.authInfo)) await peer.subscribe?.(uri);
    return outcome;
  };
}

/** What a caller asked to hear with `subscriptions/listen`, without the resources that are hidden from it. */
export function audibleFilter(
  server: Server,
  authInfo: AuthInfo | undefined,
  wanted: SubscriptionFilter,
): SubscriptionFilter {
  const uris = wanted.resourceSubscriptions;
  if (uris === undefined || server.hidesResource === undefined) return wanted;
  const audible = [...new Set(uris)].filter(uri => !server.hidesResource?.(uri, authInfo));
  return { ...wanted, resourceSubscriptions: audible };
}
