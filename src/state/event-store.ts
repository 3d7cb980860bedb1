/**
 * Contract: the messages of event streams that belong to one request each (MCP 2025-11-25, basic/transports,
 * "Resumability and Redelivery"). Only the process that answers the request appends; any process may read on for a
 * client that lost its connection, and closes a stream whose process died.
 */
import type { MaybePromise } from './maybe-promise.ts';

export interface StoredEvent {
  /** Counts from 1 within its stream, without gaps. */
  readonly seq: number;
  /** One JSON-RPC message; empty for the priming event. */
  readonly message: string;
}

export interface StreamPart {
  /** The events after the asked one, in order: as many as fit into a part, and one at least if there is one. */
  readonly events: readonly StoredEvent[];
  /** Whether more than these are stored by now: read on after the last of them. */
  readonly more: boolean;
  /** Whether the last of them is the last of the stream. */
  readonly ended: boolean;
  /** Not ended, nothing more is stored, and the process that would go on is dead. */
  readonly orphaned: boolean;
  /** Events among these or before them are gone already: what the client would get has a hole. */
  readonly trimmed: boolean;
}

/** For the drivers: what a part holds at most, so that a slow reader holds no more than that in memory. */
export const PART_EVENTS = 200;
export const PART_CHARACTERS = 1024 * 1024;

export interface EventStore {
  /**
   * Adds an event. Resolves once it is durable, in the order of the calls for one stream. A message may go to its socket
   * after that and not before, or a client would hear of an event that a restart has never heard of.
   *
   * @param stream unguessable name, unique to the request
   * @param seq one more than the last; 1 creates the stream, owned by this process
   * @param ended whether it is the last
   * @throws SlipwayError `SLIP_STORE_UNAVAILABLE`
   */
  append(stream: string, seq: number, message: string, ended: boolean): MaybePromise<void>;
  /**
   * What came after an event, or the first part of it.
   *
   * @returns undefined when the stream is not known: never was, or trimmed as a whole
   */
  read(stream: string, after: number): MaybePromise<StreamPart | undefined>;
  /**
   * Ends an orphaned stream with a last message. Nothing happens when it has ended or its process lives; of several that
   * try, one succeeds.
   */
  close(stream: string, message: string): MaybePromise<void>;
  /**
   * Calls back when there may be something new to `read` in a stream: an event, its end, the death of its process.
   * May call too often, never too seldom.
   *
   * @returns the function that ends it
   */
  watch(stream: string, listener: () => void): () => void;
}

/** What a driver keeps. */
export interface EventRetention {
  /** Milliseconds that events outlive the last one of their stream; default 300,000. */
  readonly eventTtlMs?: number;
  /** Events per stream; the oldest go first. Default 1,000. */
  readonly maxEventsPerStream?: number;
  /** Bytes of all messages together in a driver that keeps them in memory; default 64 MiB. Streams that ended go first. */
  readonly maxEventBytes?: number;
}
