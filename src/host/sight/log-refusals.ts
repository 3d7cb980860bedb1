/** Lines about refused requests: each one while they are few, a count of them in a flood. */
import type { RefusedRequest } from '../../transport/http/http-observer.ts';
import { isClaude, strangersText } from './log-call.ts';
import { pathOf } from './redaction.ts';

const WINDOW_MS = 1_000;

export interface RefusalLine {
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

export class RefusalLog {
  readonly #write: (line: RefusalLine) => void;
  readonly #perSecond: number;
  #windowStart = Number.NEGATIVE_INFINITY;
  #written = 0;
  /** Not written one by one, by status. */
  #left = new Map<number, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(write: (line: RefusalLine) => void, perSecond: number) {
    this.#write = write;
    this.#perSecond = perSecond;
  }

  add(request: RefusedRequest): void {
    const now = performance.now();
    if (now - this.#windowStart >= WINDOW_MS) {
      this.sum();
      this.#windowStart = now;
      this.#written = 0;
    }
    if (this.#written++ < this.#perSecond) return this.#write({ fields: fieldsOf(request), message: 'refused' });
    this.#left.set(request.status, (this.#left.get(request.status) ?? 0) + 1);
    // Also when the flood ends within its second.
    this.#timer ??= setTimeout(() => this.sum(), WINDOW_MS).unref();
  }

  /** Writes how many were left out. */
  sum(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#left.size === 0) return;
    let count = 0;
    for (const some of this.#left.values()) count += some;
    const fields = { count, by_status: Object.fromEntries(this.#left) };
    this.#left = new Map();
    this.#write({ fields, message: 'more were refused than are logged one by one' });
  }
}

function fieldsOf({ status, code, method, url, remoteAddress, userAgent, requestId }: RefusedRequest) {
  return {
    ...(requestId !== undefined && { requestId }),
    status,
    ...(code !== undefined && { code }),
    method: strangersText(method),
    path: pathOf(url),
    ...(remoteAddress !== undefined && { address: strangersText(remoteAddress) }),
    ...(isClaude(userAgent) && { claude: true }),
    ...(userAgent !== undefined && { user_agent: strangersText(userAgent) }),
  };
}
