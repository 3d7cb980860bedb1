/** Reads a stream on for a client that came back: what is stored, then what is added, in whichever process. */
import type { SlipwayErrorCode } from '../protocol/coded-error.ts';
import type { EventStore, StreamPart } from '../state/event-store.ts';
import type { StreamReader } from './stream-reader.ts';

/** After a failed read, it is tried again. */
const RETRY_MS = 500;

export interface Following {
  readonly store: EventStore;
  readonly stream: string;
  readonly after: number;
  readonly reader: StreamReader;
  /** The event id of a sequence number, or of a last message that stands in no store. */
  readonly idOf: (position: number | 'end') => string;
  /** Whether the store has failed this stream while it was written. */
  readonly isLost: () => boolean;
  /** Error responses to the requests of the stream. */
  readonly notice: (code: SlipwayErrorCode) => string;
  readonly onError: (error: unknown) => void;
}

/**
 * @param first what has been read already
 * @returns the function that stops it
 */
export function follow(first: StreamPart | undefined, following: Following): () => void {
  const { store, stream, after, reader, idOf, isLost, notice, onError } = following;
  let position = after;
  let stopped = false;
  let running = false;
  let again = false;
  let retry: NodeJS.Timeout | undefined;
  let unwatch: (() => void) | undefined;
  const stop = () => {
    stopped = true;
    clearTimeout(retry);
    unwatch?.();
  };
  const finish = () => {
    stop();
    reader.end(false);
  };
  const endWith = async (code: SlipwayErrorCode) => {
    await reader.event(idOf('end'), notice(code));
    finish();
  };
  const handle = async (part: StreamPart | undefined): Promise<void> => {
    if (part === undefined || part.trimmed) return endWith('SLIP_EVENTS_TRIMMED');
    for (const { seq, message } of part.events) {
      if (stopped || reader.gone) return stop();
      position = seq;
      await reader.event(idOf(seq), message);
    }
    if (stopped) return;
    if (part.more) {
      again = true;
      return;
    }
    if (part.ended) return finish();
    if (isLost()) return endWith('SLIP_EVENTS_TRIMMED');
    if (part.orphaned) {
      await store.close(stream, notice('SLIP_CALL_LOST'));
      again = true;
    }
  };
  const run = async (given: { part: StreamPart | undefined } | undefined) => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    let ready = given;
    do {
      again = false;
      try {
        await handle(ready === undefined ? await store.read(stream, position) : ready.part);
        ready = undefined;
      } catch (error) {
        onError(error);
        if (!stopped) retry = setTimeout(() => void run(undefined), RETRY_MS).unref();
      }
    } while (again && !stopped);
    running = false;
  };
  // A client whose connection is cut before it got an id has nothing to come back with: the official ones forget the
  // one they came with.
  if (first?.events.length === 0 && !first.ended) void reader.event(idOf(after), '');
  unwatch = store.watch(stream, () => void run(undefined));
  void run({ part: first }).then(() => {
    // Something may have come between the first read and the watch.
    if (!stopped) void run(undefined);
  });
  return stop;
}
