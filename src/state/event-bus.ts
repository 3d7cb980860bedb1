/**
 * Something about the server changed that open subscriptions may want to hear of. Each kind becomes one notification
 * (MCP 2026-07-28, basic/patterns/subscriptions): `notifications/tools/list_changed`,
 * `notifications/prompts/list_changed`, `notifications/resources/list_changed`, `notifications/resources/updated`.
 */
export type ServerEvent =
  | { kind: 'tools_list_changed' }
  | { kind: 'prompts_list_changed' }
  | { kind: 'resources_list_changed' }
  | { kind: 'resource_updated'; uri: string };

/** All that may have changed, for who has missed what did. */
export function everyChange(uris: Iterable<string> = []): ServerEvent[] {
  const lists: ServerEvent[] = [
    { kind: 'tools_list_changed' },
    { kind: 'prompts_list_changed' },
    { kind: 'resources_list_changed' },
  ];
  return [...lists, ...[...uris].map((uri): ServerEvent => ({ kind: 'resource_updated', uri }))];
}

/**
 * Carries {@link ServerEvent}s from whoever changes something to every open subscription. One process uses
 * `InMemoryServerEventBus`; several share an implementation over their own publish-subscribe system. The bus carries
 * events only: filtering and the wire belong to the subscriptions.
 */
export interface ServerEventBus {
  /** Delivers the event to every listener. */
  publish(event: ServerEvent): void;
  /** Adds a listener; the returned function removes it, and calling that again does nothing. */
  subscribe(listener: (event: ServerEvent) => void): () => void;
}

/** Publishes to a bus in the words of the protocol; `createMcpHandler(...).notify` is one. */
export interface ServerNotifier {
  /** `notifications/tools/list_changed` to every subscription that asked for it. */
  toolsChanged(): void;
  /** `notifications/prompts/list_changed` to every subscription that asked for it. */
  promptsChanged(): void;
  /** `notifications/resources/list_changed` to every subscription that asked for it. */
  resourcesChanged(): void;
  /** `notifications/resources/updated` to every subscription that asked for this URI. */
  resourceUpdated(uri: string): void;
}

/** A {@link ServerNotifier} that publishes to `bus`. */
export function createServerNotifier(bus: ServerEventBus): ServerNotifier {
  return {
    toolsChanged: () => bus.publish({ kind: 'tools_list_changed' }),
    promptsChanged: () => bus.publish({ kind: 'prompts_list_changed' }),
    resourcesChanged: () => bus.publish({ kind: 'resources_list_changed' }),
    resourceUpdated: uri => bus.publish({ kind: 'resource_updated', uri }),
  };
}
