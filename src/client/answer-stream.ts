/** The stream of events that answers one request; one that breaks off is resumed where the server can do that. */
import type { IncomingMessage } from 'node:http';
import { SlipwayError } from '../protocol/coded-error.ts';
import { EventParser } from './event-parser.ts';

export interface AnswerStream {
  readonly maxEventChars: number;
  /** Takes the data of an event; true when it is the response. */
  deliver(data: string): boolean;
  /** Opens the rest of the stream after an event (Last-Event-ID); absent in the modern era, which has no such thing. */
  readonly resume: ((lastEventId: string) => Promise<IncomingMessage>) | undefined;
  readonly signal: AbortSignal;
  /** For messages. */
  readonly place: string;
}

/** Times in a row that a stream may fail to open again. */
const MAX_FAILURES = 5;
const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 10_000;
/** Even a server that says "at once" is not asked more often than this. */
const MIN_DELAY_MS = 20;

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * Reads one connection to its end.
 *
 * @returns whether the response was there
 */
async function read(response: IncomingMessage, parser: EventParser, answered: () => boolean): Promise<boolean> {
  response.setEncoding('utf8');
  try {
    for await (const chunk of response as AsyncIterable<string>) {
      parser.push(chunk);
      // What may follow is no concern of this request.
      if (answered()) break;
    }
  } catch (error) {
    // A connection that breaks off is what resuming is for.
    if (error instanceof SlipwayError) throw error;
  }
  return answered();
}

function isEventStream({ statusCode, headers }: IncomingMessage): boolean {
  return statusCode === 200 && /^\s*text\/event-stream\b/i.test(headers['content-type'] ?? '');
}

/**
 * Reads the stream until the response has been delivered.
 *
 * @throws SlipwayError `SLIP_SERVER_CLOSED` when it ends without; the reason of an abort; what `deliver` throws
 */
export async function followStream(first: IncomingMessage, stream: AnswerStream): Promise<void> {
  const { resume, signal, place } = stream;
  let done = false;
  let heard = false;
  const parser = new EventParser(stream.maxEventChars, ({ event, data }) => {
    heard = true;
    if (event === 'message' && data !== '' && stream.deliver(data)) done = true;
  });
  const cut = (why: string) => new SlipwayError('SLIP_SERVER_CLOSED', { why: `${place} ${why}` });
  let response: IncomingMessage | undefined = first;
  let failures = 0;
  for (;;) {
    heard = false;
    if (response !== undefined && (await read(response, parser, () => done))) return;
    signal.throwIfAborted();
    const { lastEventId } = parser;
    if (resume === undefined || lastEventId === undefined) throw cut('ended its stream before the answer');
    failures = heard || response !== undefined ? 0 : failures + 1;
    if (failures >= MAX_FAILURES) throw cut('could not be reached again after its stream broke off');
    const backOff = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
    await wait(Math.max(MIN_DELAY_MS, parser.retryMs ?? backOff), signal);
    response = await resume(lastEventId).catch(() => undefined);
    signal.throwIfAborted();
    if (response === undefined || isEventStream(response)) continue;
    response.resume();
    throw cut(`does not let its stream be resumed (status ${response.statusCode})`);
  }
}
