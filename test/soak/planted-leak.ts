/** Leaks that can be planted into the server of the soak, to show that the soak finds them. */
import { openSync } from 'node:fs';

export const PLANTED_LEAKS = ['memory', 'descriptors', 'streams'] as const;

/** `memory`: a little of every request is kept; `descriptors`: a file is left open now and then; `streams`: some calls never end. */
export type PlantedLeak = (typeof PLANTED_LEAKS)[number];

const KEPT_BYTES = 200;
/** Requests for each file that is left open. */
const REQUESTS_PER_FILE = 200;
/** Cancelled calls for each that goes on. */
const CALLS_PER_STREAM = 10;

/** What a server does wrong; nothing without a plant. */
export class Leaks {
  readonly #planted: ReadonlySet<PlantedLeak>;
  readonly #kept: string[] = [];
  #requests = 0;
  #cancelled = 0;

  constructor(planted: readonly PlantedLeak[]) {
    this.#planted = new Set(planted);
  }

  get planted(): boolean {
    return this.#planted.size > 0;
  }

  /** Called for every request. */
  request(): void {
    this.#requests++;
    // Flat text of its own: a repeated one would be kept once.
    if (this.#planted.has('memory')) this.#kept.push(Buffer.alloc(KEPT_BYTES, `${this.#requests} `).toString('latin1'));
    if (this.#planted.has('descriptors') && this.#requests % REQUESTS_PER_FILE === 0) openSync('/dev/null', 'r');
  }

  /** Whether a call goes on though it was cancelled. */
  ignoresCancellation(): boolean {
    return this.#planted.has('streams') && this.#cancelled++ % CALLS_PER_STREAM === 0;
  }
}
