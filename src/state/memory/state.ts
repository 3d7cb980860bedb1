import { type Retention, resolveRetention } from '../retention.ts';
import type { State } from '../state.ts';
import { MemoryBus } from './bus.ts';
import { MemoryEventStore } from './event-store.ts';
import { MemoryIdempotencyStore } from './idempotency-store.ts';
import { MemoryLimitStore } from './limit-store.ts';
import { MemoryMailbox } from './mailbox.ts';
import { MemorySessionStore } from './session-store.ts';

/**
 * A store in this process, gone with it. Everything answers at once: no method returns a promise, but for `close`.
 *
 * @throws SlipwayError `SLIP_INVALID_OPTION`
 */
export function memoryState(options: Retention = {}): State {
  const retention = resolveRetention(options);
  return {
    sessions: new MemorySessionStore(),
    events: new MemoryEventStore(retention),
    mailbox: new MemoryMailbox(),
    bus: new MemoryBus(retention),
    limits: new MemoryLimitStore(),
    idempotency: new MemoryIdempotencyStore(),
    durable: false,
    health: () => ({ ok: true }),
    close: async () => {},
  };
}
