/** JSON from somebody else's HTTP API, which is slow at times, refuses at times and is down at times. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Concurrency } from './concurrency.ts';

export interface RemoteJsonOptions {
  /** Milliseconds that one attempt may take. */
  readonly timeoutMs?: number;
  /** Attempts after the first. */
  readonly retries?: number;
  /** Milliseconds before the first of them; doubled each time, up to ten times as much, half of it at random. */
  readonly backoffMs?: number;
  /** Requests at a time. */
  readonly concurrency?: number;
}

/** What the API answered, or why it did not; the text is for the model. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  /** Milliseconds that the API asks to wait. */
  readonly retryAfterMs: number | undefined;
  readonly mayBeRepeated: boolean;

  constructor(message: string, mayBeRepeated: boolean, retryAfterMs?: number, options?: ErrorOptions) {
    super(message, options);
    this.mayBeRepeated = mayBeRepeated;
    this.retryAfterMs = retryAfterMs;
  }
}

const MOST_CHARS = 1_000_000;
/** Whoever asks for more patience than this gets none. */
const MOST_PATIENCE_MS = 5_000;

function isBusy(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** `Retry-After`: seconds, or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

export class RemoteJson {
  readonly #options: Required<RemoteJsonOptions>;
  readonly #concurrency: Concurrency;

  constructor(options: RemoteJsonOptions = {}) {
    this.#options = { timeoutMs: 3_000, retries: 3, backoffMs: 200, concurrency: 8, ...options };
    this.#concurrency = new Concurrency(this.#options.concurrency);
  }

  /**
   * Gets and parses. What may succeed a moment later (no connection, no answer in time, 408, 425, 429, 5xx) is tried again.
   *
   * @param signal aborts all of it: the attempt, and the wait for the next one
   * @throws RemoteError; the signal's reason
   */
  async get(url: URL, signal: AbortSignal): Promise<unknown> {
    const { retries, backoffMs } = this.#options;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#concurrency.run(() => this.#attempt(url, signal), signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof RemoteError) || !error.mayBeRepeated || attempt >= retries) throw error;
        const backoff = Math.min(backoffMs * 2 ** attempt, backoffMs * 10);
        const wait = error.retryAfterMs ?? backoff / 2 + (Math.random() * backoff) / 2;
        if (wait > MOST_PATIENCE_MS) throw error;
        await sleep(wait, undefined, { signal });
      }
    }
  }

  async #attempt(url: URL, signal: AbortSignal): Promise<unknown> {
    const { timeoutMs } = this.#options;
    const inTime = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        headers: { accept: 'application/json' },
        signal: AbortSignal.any([signal, inTime]),
      });
      if (!response.ok) {
        await response.body?.cancel();
        const wait = retryAfter(response.headers.get('retry-after'));
        throw new RemoteError(`${url.host} answers with status ${response.status}`, isBusy(response.status), wait);
      }
      return JSON.parse(await boundedText(response)) as unknown;
    } catch (error) {
      if (error instanceof RemoteError || signal.aborted) throw error;
      if (error instanceof SyntaxError) throw new RemoteError(`${url.host} does not answer with JSON`, false);
      const why = inTime.aborted ? `does not answer within ${timeoutMs} ms` : 'can not be reached';
      throw new RemoteError(`${url.host} ${why}`, true, undefined, { cause: error });
    }
  }
}

async function boundedText(response: Response): Promise<string> {
  let text = '';
  if (response.body === null) return text;
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.length > MOST_CHARS) throw new RemoteError(`${new URL(response.url).host} answers with too much`, false);
  }
  return text;
}
