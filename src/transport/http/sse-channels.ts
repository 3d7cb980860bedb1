import type { SseChannel } from './sse-channel.ts';

/** The HTTP+SSE clients whose streams this process holds. */
export class SseChannels {
  readonly #open = new Map<string, SseChannel>();

  get size(): number {
    return this.#open.size;
  }

  /** @param key from the client's session */
  get(key: string): SseChannel | undefined {
    return this.#open.get(key);
  }

  add(channel: SseChannel): void {
    this.#open.set(channel.session.key, channel);
  }

  delete(channel: SseChannel): void {
    if (this.#open.get(channel.session.key) === channel) this.#open.delete(channel.session.key);
  }

  /** The server stops: each stream ends as soon as the calls of its client are answered. */
  drain(): void {
    for (const channel of [...this.#open.values()]) channel.drain();
  }

  /** The time for that is over: what is still running is answered with an error, and every stream ends. */
  cutOff(): void {
    for (const channel of [...this.#open.values()]) channel.cutOff();
  }
}
