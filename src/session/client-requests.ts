/**
 * Questions to the client of a session. They leave on the stream of the call that asks; the answer is a POST of its own,
 * to whichever process, and finds its way back through the mailbox.
 */
import { randomBytes } from 'node:crypto';
import type { JSONRPCResponse, RequestId } from '../protocol/json-rpc.ts';
import type { Progress } from '../protocol/progress.ts';
import type { RequestOptions } from '../server/peer.ts';
import { PendingRequests } from '../server/pending-requests.ts';
import type { Mailbox } from '../state/mailbox.ts';

/** What is not an answer but on its way to one. */
interface ProgressLetter {
  readonly progress: Progress;
}

const INSTANCE_BYTES = 6;

export class ClientRequests {
  readonly #mailbox: Mailbox;
  readonly #pending: PendingRequests;

  constructor(mailbox: Mailbox) {
    this.#mailbox = mailbox;
    // Unlike those of other processes, which ask the same session.
    const instance = randomBytes(INSTANCE_BYTES).toString('base64url');
    let next = 0;
    this.#pending = new PendingRequests(() => `${instance}-${next++}`);
  }

  /**
   * Asks and waits for the answer.
   *
   * @param session the session's key
   * @param write sends one message to the client
   */
  async ask(
    session: string,
    write: (message: string) => void | Promise<void>,
    method: string,
    params: unknown,
    options: RequestOptions | undefined,
  ): Promise<unknown> {
    let close: (() => void) | undefined;
    let done = false;
    const send = async (id: RequestId, sent: unknown): Promise<void> => {
      close = await this.#mailbox.open(addressOf(session, id), letter => this.#receive(id, letter));
      // Given up while the mailbox opened.
      if (done) return close();
      // Not waited for: the answer may come before a slow reader has taken all there was before the question.
      void write(JSON.stringify({ jsonrpc: '2.0', id, method, ...(sent !== undefined && { params: sent }) }));
    };
    const cancel = (requestId: RequestId, reason: string) => {
      const params = { requestId, reason };
      void write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }));
    };
    try {
      return await this.#pending.ask(params, options, send, cancel);
    } finally {
      done = true;
      close?.();
    }
  }

  #receive(id: RequestId, letter: string): void {
    const message = JSON.parse(letter) as JSONRPCResponse | ProgressLetter;
    if ('progress' in message) this.#pending.progress(id, message.progress);
    else this.#pending.settle(message);
  }

  /** Takes an answer that a client posted. False when nobody waits for it. */
  async answered(session: string, response: JSONRPCResponse): Promise<boolean> {
    if (response.id === undefined || response.id === null) return false;
    return this.#mailbox.deliver(addressOf(session, response.id), JSON.stringify(response));
  }

  /** Takes the progress that a client reports about a question. */
  async progressed(session: string, token: RequestId, progress: Progress): Promise<void> {
    const letter: ProgressLetter = { progress };
    await this.#mailbox.deliver(addressOf(session, token), JSON.stringify(letter));
  }

  failAll(error: Error): void {
    this.#pending.failAll(error);
  }
}

/** Only the session itself can address its own questions. */
function addressOf(session: string, id: RequestId): string {
  return `${session}/${JSON.stringify(id).slice(0, 256)}`;
}
