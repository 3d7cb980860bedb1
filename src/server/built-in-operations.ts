/** The methods that every server answers by itself: handshake, discovery, ping, log level, subscriptions of the 2025 era. */
import { METHOD_NOT_FOUND } from '../protocol/json-rpc.ts';
import type { LoggingLevel } from '../protocol/logging.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { Result } from '../protocol/result.ts';
import { LATEST_PROTOCOL_VERSION, MODERN_REVISIONS } from '../protocol/revision.ts';
import { withCacheFields } from './cache-fields.ts';
import type { RequestContext } from './context.ts';
import type { Operation } from './middleware.ts';
import { rememberingSubscriptions } from './resource-subscription.ts';
import type { Server } from './server.ts';

/** The revision that `initialize` answers with: the asked one if it is served, else the newest of its era. */
export function negotiate(server: Server, requested: unknown): string {
  const offered = server.legacyRevisions;
  return offered.find(revision => revision === requested) ?? offered[0] ?? LATEST_PROTOCOL_VERSION;
}

export function builtInOperations(server: Server): Map<string, Operation> {
  const instructions = () => (server.options.instructions ? { instructions: server.options.instructions } : {});
  const unlessDeclared = (declared: boolean) => {
    if (!declared) throw new ProtocolError(METHOD_NOT_FOUND, 'Method not found');
    return {} as Result;
  };

  // MCP 2025-11-25, basic/lifecycle, "Initialization"
  const initialize: Operation = (_context, params) => ({
    protocolVersion: negotiate(server, params['protocolVersion']),
    capabilities: server.capabilities,
    serverInfo: server.info,
    ...instructions(),
  });

  // MCP 2026-07-28, server/discover
  const discover: Operation = () => {
    const { tasks: _removed, ...capabilities } = server.capabilities;
    const result = { supportedVersions: [...MODERN_REVISIONS], capabilities, ...instructions() };
    return withCacheFields(result, server.options.cacheHints?.['server/discover']);
  };

  const setLevel: Operation = async (context: RequestContext, params) => {
    const result = unlessDeclared(server.capabilities.logging !== undefined);
    await context.peer.setLogLevel?.(params['level'] as LoggingLevel);
    return result;
  };

  const subscribe: Operation = () => unlessDeclared(server.capabilities.resources?.subscribe === true);
  const remembered = (method: string) => rememberingSubscriptions(server, method, subscribe);

  return new Map([
    ['initialize', initialize],
    ['ping', (): Result => ({})],
    ['server/discover', discover],
    ['logging/setLevel', setLevel],
    ['resources/subscribe', remembered('resources/subscribe')],
    ['resources/unsubscribe', remembered('resources/unsubscribe')],
  ] satisfies [string, Operation][]);
}
