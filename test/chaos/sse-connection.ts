/** One HTTP request over a connection of its own, whose answer may be an event stream with ids. */
import { type Agent, type IncomingMessage, request } from 'node:http';

export interface ReceivedEvent {
  readonly id: string | undefined;
  /** Empty for an event that only moves the id on. */
  readonly data: string;
}

export interface Sent {
  readonly port: number;
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Default: a connection of its own. */
  readonly agent?: Agent;
  readonly signal?: AbortSignal;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly isStream: boolean;
  /** Events until the stream ends. Throws when the connection is cut; ends the connection when it is left early. */
  events(): AsyncGenerator<ReceivedEvent>;
  /** The whole body as text. */
  text(): Promise<string>;
  leave(): void;
}

/** Takes pieces of a stream and gives the events that are complete; other fields than id and data are skipped. */
export class EventParser {
  #rest = '';

  push(text: string): ReceivedEvent[] {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    const events: ReceivedEvent[] = [];
    for (const block of blocks) {
      let id: string | undefined;
      let data: string | undefined;
      for (const line of block.split('\n')) {
        if (line.startsWith('id: ')) id = line.slice('id: '.length);
        else if (line.startsWith('data:')) data = (data ?? '') + line.slice('data:'.length).trimStart();
      }
      // As a browser would: what has no data line is no event.
      if (data !== undefined) events.push({ id, data });
    }
    return events;
  }
}

async function* eventsOf(message: IncomingMessage): AsyncGenerator<ReceivedEvent> {
  const parser = new EventParser();
  message.setEncoding('utf8');
  for await (const text of message) yield* parser.push(text as string);
  if (!message.complete) throw new Error('the connection was cut');
}

async function textOf(message: IncomingMessage): Promise<string> {
  let text = '';
  message.setEncoding('utf8');
  for await (const piece of message) text += piece as string;
  return text;
}

/** Sends it; rejects when there is no connection to be had, or it ends before the answer begins. */
export function exchange({ port, method = 'POST', headers = {}, body, agent, signal }: Sent): Promise<Received> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, method, path: '/mcp', headers, agent: agent ?? false, ...(signal && { signal }) },
      message => {
        resolve({
          status: message.statusCode ?? 0,
          headers: message.headers,
          isStream: message.headers['content-type']?.startsWith('text/event-stream') === true,
          events: () => eventsOf(message),
          text: () => textOf(message),
          leave: () => message.destroy(),
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
