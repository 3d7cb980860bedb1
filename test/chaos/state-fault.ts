/**
 * A store with a fault: honest ones end the process at the worst moment, the others lie, and a test that compares what
 * was received with what is kept has to find out.
 */
import type { Bus, BusEntry } from '../../src/state/bus.ts';
import type { EventStore } from '../../src/state/event-store.ts';
import type { State } from '../../src/state/state.ts';

export interface StateFault {
  readonly kind: FaultKind;
  /** Which call it happens to, counted from 1. */
  readonly nth: number;
}

export type FaultKind =
  /** Honest: the event is kept, and the process ends before it can be sent. */
  | 'dies-after-append'
  /** Honest: the entry is kept, and the process ends before it is heard. */
  | 'dies-after-publish'
  /** Planted: keeps an event without its message. */
  | 'keeps-it-empty'
  /** Planted: says that events are kept, and loses them with the process. */
  | 'keeps-it-later'
  /** Planted: reads the event again after which to go on. */
  | 'reads-twice'
  /** Planted: leaves out the first entry of what was missed. */
  | 'skips-an-entry';

/** How long the process still lives after it began to lie about keeping events. */
const LYING_MS = 150;

function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}

export function withFault(state: State, { kind, nth }: StateFault): State {
  let count = 0;
  const isDue = (): boolean => ++count === nth;
  return { ...state, events: faultyEvents(state.events, kind, isDue), bus: faultyBus(state.bus, kind, isDue) };
}

function faultyEvents(events: EventStore, kind: FaultKind, isDue: () => boolean): EventStore {
  let lying = false;
  return {
    append: async (stream, seq, message, ended) => {
      if (lying) return;
      if (kind === 'keeps-it-empty' && message !== '' && !ended && isDue())
        return events.append(stream, seq, '', ended);
      if (kind === 'keeps-it-later' && isDue()) {
        lying = true;
        setTimeout(die, LYING_MS);
        return;
      }
      await events.append(stream, seq, message, ended);
      if (kind === 'dies-after-append' && isDue()) await die();
    },
    read: (stream, after) => events.read(stream, kind === 'reads-twice' && after > 1 ? after - 1 : after),
    close: (stream, message) => events.close(stream, message),
    watch: (stream, listener) => events.watch(stream, listener),
  };
}

function faultyBus(bus: Bus, kind: FaultKind, isDue: () => boolean): Bus {
  return {
    publish: async event => {
      const cursor = await bus.publish(event);
      if (kind === 'dies-after-publish' && isDue()) await die();
      return cursor;
    },
    subscribe: listener => bus.subscribe(listener),
    read: async (after, limit) => {
      const entries: readonly BusEntry[] | undefined = await bus.read(after, limit);
      return kind === 'skips-an-entry' ? entries?.slice(1) : entries;
    },
    get cursor() {
      return bus.cursor;
    },
  };
}
