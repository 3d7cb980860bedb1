import type { IdempotencyStore } from '../state/idempotency-store.ts';

export interface IdempotencyOptions {
  readonly store: IdempotencyStore;
  /** Milliseconds that a key is kept. */
  readonly ttlMs: number;
}

export class IdempotentCalls {
  readonly options: IdempotencyOptions;

  constructor(options: IdempotencyOptions) {
    this.options = options;
  }
}
