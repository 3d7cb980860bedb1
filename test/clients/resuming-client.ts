/** What an official client does in the tests of resumption, and what it got. */

export interface ResumingClient {
  readonly sessionId: string | undefined;
  /** The numbers of log messages, as they came: of calls and of the GET stream. */
  readonly numbers: number[];
  /** URIs of resources that were reported as changed, as they came. */
  readonly updated: string[];
  /** What the server asked; each question is answered with this word. */
  readonly asked: string[];
  /** Calls a tool; resolves with the text of its result, rejects with the error of the client. */
  call(name: string, args: object): Promise<string>;
  subscribe(uri: string): Promise<void>;
  close(): Promise<void>;
}

export interface ResumingOptions {
  readonly url: string;
  /** The answer to every question; called when it comes. */
  readonly answer?: () => Promise<string>;
}

export type Connect = (options: ResumingOptions) => Promise<ResumingClient>;

/** How often the clients try to get a stream back; they wait as long as the server says. */
export const MAX_RETRIES = 100;
