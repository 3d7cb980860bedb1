/** Keeps to a server's rate limit: what is true of a server must not depend on how fast the doctor asks. */
import type { Exchange } from './exchange.ts';

/** How often one request is sent again. */
const MAX_RETRIES = 2;
/** Milliseconds to wait where the server does not say; and what is too long to wait for. */
const DEFAULT_PAUSE_MS = 500;
const MAX_PAUSE_MS = 3_000;

/** What the server asks for; `Retry-After` with a date counts as not said. */
function pauseOf({ response }: Exchange): number {
  const text = response?.headers.get('retry-after') ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : DEFAULT_PAUSE_MS;
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}

export class Pace {
  readonly #signal: AbortSignal;
  #resumeAt = 0;
  /** Waiting does not help here: the server answers so whatever one does. */
  #isHopeless = false;

  /** @param signal ends all waiting */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Sends, and sends again after a pause for everybody where the answer is 429. */
  async send(once: () => Promise<Exchange>): Promise<Exchange> {
    for (let retry = 0; ; retry++) {
      const wait = this.#resumeAt - performance.now();
      if (wait > 0 && !this.#isHopeless) await sleep(wait, this.#signal);
      const exchange = await once();
      if (exchange.response?.status !== 429 || this.#isHopeless || this.#signal.aborted) return exchange;
      const pause = pauseOf(exchange);
      if (retry === MAX_RETRIES || pause > MAX_PAUSE_MS) {
        this.#isHopeless = true;
        return exchange;
      }
      this.#resumeAt = Math.max(this.#resumeAt, performance.now() + pause);
    }
  }
}
