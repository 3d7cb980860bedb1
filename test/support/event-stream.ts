/** Reading server-sent events. */

/** The JSON messages in the text of a stream; comments and events without a message are skipped. */
export function eventsOf(text: string): unknown[] {
  return text
    .split('\n\n')
    .map(block => block.split('\n').find(line => line.startsWith('data: ')))
    .filter(line => line !== undefined)
    .filter(line => line !== 'data: ')
    .map(line => JSON.parse(line.slice('data: '.length)));
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
type Message = any;

/** An open stream, read message by message. */
export class OpenStream {
  readonly response: Response;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #messages: Message[] = [];
  /** Comment lines seen so far. */
  readonly comments: string[] = [];
  #rest = '';
  #ended = false;

  constructor(response: Response) {
    this.response = response;
    // biome-ignore lint/suspicious/noExplicitAny: lib.dom and node:stream/web disagree about the type of the pair
    this.#reader = response.body!.pipeThrough(new TextDecoderStream() as any).getReader() as never;
  }

  /** Reads one chunk; false at the end. */
  async #read(): Promise<boolean> {
    const { done, value } = await this.#reader.read();
    if (done) {
      this.#ended = true;
      return false;
    }
    const blocks = (this.#rest + value).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith(':')) this.comments.push(block);
      else this.#messages.push(...eventsOf(block));
    }
    return true;
  }

  /** The next message; undefined at the end of the stream. */
  async next(): Promise<Message | undefined> {
    while (this.#messages.length === 0) if (this.#ended || !(await this.#read())) return undefined;
    return this.#messages.shift();
  }

  /** Waits for a comment. */
  async comment(): Promise<string | undefined> {
    while (this.comments.length === 0) if (this.#ended || !(await this.#read())) return undefined;
    return this.comments.shift();
  }

  /** All messages up to the end. */
  async rest(): Promise<Message[]> {
    const all: Message[] = [];
    for (let message = await this.next(); message !== undefined; message = await this.next()) all.push(message);
    return all;
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel();
  }
}
