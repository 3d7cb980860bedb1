/** The promises that a handler makes of one of ours by `then`, `catch` and `finally`, however far down. */
export class DerivedPromises {
  readonly #derived: Promise<unknown>[] = [];

  /** The same promise, which notes from now on what is made of it. `await` makes nothing of it, and costs the same. */
  track<T>(promise: Promise<T>): Promise<T> {
    return Object.defineProperty(promise, 'then', {
      configurable: true,
      writable: true,
      value: (...callbacks: Parameters<typeof promise.then>) =>
        this.track(this.#note(Promise.prototype.then.apply(promise, callbacks))),
    });
  }

  #note<T>(promise: Promise<T>): Promise<T> {
    this.#derived.push(promise);
    return promise;
  }

  /** From now on a rejection of theirs does not end the process, also where the handler awaits them later or never. */
  handle(): void {
    for (const promise of this.#derived) Promise.prototype.then.call(promise, undefined, () => {});
  }
}
