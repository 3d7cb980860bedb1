/** The resumable streams of this process, and resuming any stream of any process. */
import { randomBytes } from 'node:crypto';
import { SlipwayError, type SlipwayErrorCode } from '../protocol/coded-error.ts';
import { INTERNAL_ERROR } from '../protocol/json-rpc.ts';
import type { Keyring } from '../sealing/keyring.ts';
import type { Logger } from '../server/logger.ts';
import type { EventStore, StreamPart } from '../state/event-store.ts';
import type { State } from '../state/state.ts';
import { type EventPlace, eventIdsOf } from './event-id.ts';
import { follow } from './follow.ts';
import { RequestStream } from './request-stream.ts';
import type { Session } from './session.ts';
import { StreamClaims } from './stream-claims.ts';
import type { StreamReader } from './stream-reader.ts';

const NAME_BYTES = 12;
/** The position of a last message that stands in no store. */
const END = 'end';
/** Streams that the store failed and that ended here; whoever comes back to one is told. */
const MAX_LOST = 1_000;

/** Error responses to all requests of a stream; an array where a batch has several (2025-03-26). */
export function lossNotice(requests: string, code: SlipwayErrorCode): string {
  const { what, fix } = new SlipwayError(code);
  const error = { code: INTERNAL_ERROR, message: `${what}. ${fix}`, data: { code } };
  const responses = (JSON.parse(requests) as unknown[]).map(id => ({ jsonrpc: '2.0', id, error }));
  return JSON.stringify(responses.length === 1 ? responses[0] : responses);
}

/** A place from which a stream goes on, with the first part that was read there. */
export interface Resumable {
  readonly place: EventPlace;
  readonly first: StreamPart | undefined;
}

export class RequestStreams {
  readonly #keyring: Keyring;
  readonly #store: EventStore;
  readonly #logger: () => Logger;
  readonly #live = new Map<string, RequestStream>();
  readonly #lost = new Set<string>();
  readonly #claims: StreamClaims;

  constructor(keyring: Keyring, state: State, logger: () => Logger) {
    this.#keyring = keyring;
    this.#store = state.events;
    this.#logger = logger;
    this.#claims = new StreamClaims(
      state,
      stream => this.#live.get(stream)?.detach(false),
      error => logger().warn({ error }, 'a resumed stream could not be announced to other processes'),
    );
  }

  close(): void {
    this.#claims.close();
  }

  /**
   * Begins the stream of a POST.
   *
   * @param requests the ids of its requests, as a JSON array
   */
  begin(session: Session, requests: string, reader: StreamReader): RequestStream {
    const name = randomBytes(NAME_BYTES).toString('base64url');
    const stream: RequestStream = new RequestStream(
      {
        name,
        store: this.#store,
        idOf: eventIdsOf(this.#keyring, { session: session.key, stream: name, requests }),
        lossNotice: () => lossNotice(requests, 'SLIP_EVENTS_TRIMMED'),
        onLost: error => {
          if (this.#lost.size >= MAX_LOST) this.#lost.delete(this.#lost.values().next().value!);
          this.#lost.add(name);
          this.#logger().warn({ error }, 'the event store can not be written; a stream goes on without resumption');
        },
        onEnd: () => this.#live.delete(name),
      },
      reader,
    );
    this.#live.set(name, stream);
    return stream;
  }

  /**
   * What came after a place in a stream.
   *
   * @returns undefined when nothing is left to send: the stream has ended there
   * @throws SlipwayError `SLIP_STORE_UNAVAILABLE`
   */
  async resumable(place: EventPlace): Promise<Resumable | undefined> {
    if (place.position === END) return undefined;
    const first = await this.#store.read(place.stream, Number(place.position));
    if (first?.ended === true && first.events.length === 0 && !first.trimmed) return undefined;
    return { place, first };
  }

  /**
   * Sends a reader everything after a place in a stream, and what follows until its end. A stream that can not be had
   * whole ends with an error response to its requests: the client learns that its call is lost, and need not wait.
   *
   * @returns the function that stops it
   */
  resume({ place, first }: Resumable, reader: StreamReader): () => void {
    const { stream, requests } = place;
    // One message goes to one connection: from here on, to this one.
    this.#live.get(stream)?.detach(false);
    const stop = follow(first, {
      store: this.#store,
      stream,
      after: Number(place.position),
      reader,
      idOf: eventIdsOf(this.#keyring, place),
      isLost: () => this.#lost.has(stream),
      notice: code => lossNotice(requests, code),
      onError: error => this.#logger().warn({ error }, 'the event store can not be read; a resumed stream waits'),
    });
    const letGo = () => {
      stop();
      reader.end(false);
    };
    const giveUp = this.#claims.take(stream, letGo, first?.ended === false);
    return () => {
      stop();
      giveUp();
    };
  }
}
