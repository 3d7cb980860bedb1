/** Requests sent to a server whose answers are awaited. */
import { SlipwayError } from '../protocol/coded-error.ts';
import {
  isJSONRPCResponse,
  type JSONRPCErrorResponse,
  type JSONRPCRequest,
  type JSONRPCResponse,
  type RequestId,
} from '../protocol/json-rpc.ts';
import type { Progress } from '../protocol/progress.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import { DEFAULT_REQUEST_TIMEOUT_MSEC } from '../protocol/request-timeout.ts';
import type { Result } from '../protocol/result.ts';
import { Countdown } from './countdown.ts';
import type { RequestOptions } from './request-options.ts';

export interface Sending {
  /** Sends the request; what it rejects with is what the request fails with. The signal aborts when nobody waits. */
  send(message: JSONRPCRequest, signal: AbortSignal): Promise<void>;
  /** Tells the server that nobody waits any more. */
  cancel(id: RequestId, reason: string): void;
}

interface Awaited {
  readonly clocks: readonly Countdown[];
  settle(response: JSONRPCResponse): void;
  fail(error: unknown): void;
  progress(progress: Progress): void;
}

function asText(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

/** What an error response says, as an error. */
function errorOf({ error }: JSONRPCErrorResponse): ProtocolError {
  return ProtocolError.fromError(error.code, error.message, error.data);
}

export class OutgoingRequests {
  readonly #sending: Sending;
  readonly #awaited = new Map<RequestId, Awaited>();
  #nextId = 1;
  #holds = 0;

  constructor(sending: Sending) {
    this.#sending = sending;
  }

  /**
   * Sends a request and waits for its result.
   *
   * @param withMeta the params of the request, told the progress token to put into their `_meta`, if any
   * @throws ProtocolError what the server answers; SlipwayError `SLIP_SERVER_TIMEOUT`; the reason of an abort
   */
  ask(
    method: string,
    withMeta: (progressToken: RequestId | undefined) => Record<string, unknown> | undefined,
    options: RequestOptions = {},
  ): Promise<Result> {
    const { signal, onprogress, timeout = DEFAULT_REQUEST_TIMEOUT_MSEC, maxTotalTimeout } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = this.#nextId++;
    const given = new AbortController();
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const end = (): void => {
      for (const clock of clocks) clock.stop();
      signal?.removeEventListener('abort', onAbort);
      this.#awaited.delete(id);
    };
    const giveUp = (reason: unknown): void => {
      end();
      this.#sending.cancel(id, asText(reason));
      given.abort(reason);
      reject(reason);
    };
    const onAbort = (): void => giveUp(signal?.reason);
    const countdown = (ms: number) =>
      new Countdown(ms, () => giveUp(new SlipwayError('SLIP_SERVER_TIMEOUT', { method, ms })));
    const idle = countdown(timeout);
    const clocks = maxTotalTimeout === undefined ? [idle] : [idle, countdown(maxTotalTimeout)];
    const awaited: Awaited = {
      clocks,
      settle: response => {
        end();
        if ('error' in response) reject(errorOf(response));
        else resolve(response.result);
      },
      fail: error => {
        end();
        reject(error);
      },
      progress: progress => {
        if (options.resetTimeoutOnProgress) idle.restart();
        onprogress?.(progress);
      },
    };
    this.#awaited.set(id, awaited);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (this.#holds === 0) for (const clock of clocks) clock.run();
    const params = withMeta(onprogress === undefined ? undefined : id);
    const message: JSONRPCRequest = { jsonrpc: '2.0', id, method, ...(params !== undefined && { params }) };
    this.#sending.send(message, given.signal).catch(error => {
      if (this.#awaited.get(id) === awaited) awaited.fail(error);
    });
    return promise;
  }

  /** Whether somebody waited for it. */
  settle(response: JSONRPCResponse): boolean {
    const awaited = response.id === undefined ? undefined : this.#awaited.get(response.id);
    awaited?.settle(response);
    return awaited !== undefined;
  }

  /** An answer that is no JSON-RPC response ends the wait as well: nothing better will come. */
  spoil(message: unknown): boolean {
    if (typeof message !== 'object' || message === null || 'method' in message || isJSONRPCResponse(message))
      return false;
    const awaited = 'id' in message ? this.#awaited.get(message.id as RequestId) : undefined;
    awaited?.fail(new SlipwayError('SLIP_SERVER_ANSWER', { why: 'it is no JSON-RPC response' }));
    return awaited !== undefined;
  }

  progress(token: unknown, progress: Progress): void {
    this.#awaited.get(token as RequestId)?.progress(progress);
  }

  /** Takes back everything that is awaited; the wait itself goes on. */
  cancelAll(reason: string): void {
    for (const id of this.#awaited.keys()) this.#sending.cancel(id, reason);
  }

  failAll(error: Error): void {
    for (const awaited of [...this.#awaited.values()]) awaited.fail(error);
  }

  /** While the client itself is asked, no time runs; returns what ends that. */
  hold(): () => void {
    this.#holds++;
    for (const { clocks } of this.#awaited.values()) for (const clock of clocks) clock.hold();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (--this.#holds > 0) return;
      for (const { clocks } of this.#awaited.values()) for (const clock of clocks) clock.run();
    };
  }
}
