/** Requests sent to a client whose answers are awaited. */
import { INTERNAL_ERROR, type JSONRPCResponse, type RequestId } from '../protocol/json-rpc.ts';
import type { Progress } from '../protocol/progress.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import { DEFAULT_REQUEST_TIMEOUT_MSEC } from '../protocol/request-timeout.ts';
import { SdkError, SdkErrorCode } from '../protocol/sdk-error.ts';
import { malformedAnswer } from './malformed-response.ts';
import type { RequestOptions } from './peer.ts';
import { thrownText } from './thrown-text.ts';

/** The longest delay of a timer; a longer one would be over after a millisecond. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** As long as a timer can be; `Infinity` is allowed. */
export const clampDelay = (ms: number): number => Math.min(ms, MAX_DELAY_MS);

interface Waiting {
  settle(response: JSONRPCResponse): void;
  fail(error: Error): void;
  progress(progress: Progress): void;
}

export class PendingRequests {
  readonly #nextId: () => RequestId;
  readonly #waiting = new Map<RequestId, Waiting>();

  /** @param nextId makes the ids; default: whole numbers from 0 */
  constructor(nextId?: () => RequestId) {
    let next = 0;
    this.#nextId = nextId ?? (() => next++);
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @param send writes the message; told the id and the params, with a progress token where progress is wanted
   * @param cancel tells the client that nobody waits any more
   */
  ask(
    params: unknown,
    options: RequestOptions | undefined,
    send: (id: RequestId, params: unknown) => Promise<void>,
    cancel: (id: RequestId, reason: string) => void,
  ): Promise<unknown> {
    const id = this.#nextId();
    const timeout = clampDelay(options?.timeout ?? DEFAULT_REQUEST_TIMEOUT_MSEC);
    const started = Date.now();
    return new Promise((resolve, reject) => {
      if (options?.signal?.aborted) return reject(options.signal.reason);
      const end = () => {
        clearTimeout(timer);
        options?.signal?.removeEventListener('abort', onAbort);
        this.#waiting.delete(id);
      };
      const giveUp = (error: Error) => {
        end();
        cancel(id, error.message);
        reject(error);
      };
      const onTimeout = () => {
        const error = new SdkError(SdkErrorCode.RequestTimeout, 'Request timed out', { timeout });
        giveUp(error);
      };
      const onAbort = () => {
        const reason = options?.signal?.reason;
        giveUp(reason instanceof Error ? reason : new SdkError(SdkErrorCode.RequestTimeout, thrownText(reason)));
      };
      let timer = setTimeout(onTimeout, timeout);
      options?.signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.set(id, {
        settle(response) {
          end();
          if ('result' in response) resolve(response.result);
          else {
            const { code = INTERNAL_ERROR, message = '', data } = response.error;
            reject(ProtocolError.fromError(code, message, data));
          }
        },
        fail(error) {
          end();
          reject(error);
        },
        progress(progress) {
          if (options?.resetTimeoutOnProgress) {
            const total = options.maxTotalTimeout;
            if (total !== undefined && Date.now() - started >= total) {
              return giveUp(new SdkError(SdkErrorCode.RequestTimeout, 'Maximum total timeout exceeded', { total }));
            }
            clearTimeout(timer);
            timer = setTimeout(onTimeout, timeout);
          }
          options?.onprogress?.(progress);
        },
      });
      const meta = (params as { _meta?: object } | undefined)?._meta;
      const withToken =
        options?.onprogress === undefined ? params : { ...(params as object), _meta: { ...meta, progressToken: id } };
      send(id, withToken).catch(error => {
        end();
        reject(error);
      });
    });
  }

  settle(response: JSONRPCResponse): boolean {
    const waiting = response.id === undefined ? undefined : this.#waiting.get(response.id);
    waiting?.settle(response);
    return waiting !== undefined;
  }

  /** Ends the wait for an answer that came, but is no result. */
  spoil(id: RequestId): boolean {
    const waiting = this.#waiting.get(id);
    waiting?.fail(malformedAnswer());
    return waiting !== undefined;
  }

  progress(token: unknown, progress: Progress): void {
    this.#waiting.get(token as RequestId)?.progress(progress);
  }

  failAll(error: Error): void {
    for (const waiting of [...this.#waiting.values()]) waiting.fail(error);
  }
}
