/** Connections that a process takes from another one, and those of them that carry nothing. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionSource } from '../../transport/http/connection-source.ts';

export class IdleConnections implements ConnectionSource {
  readonly #source: ConnectionSource;
  readonly #open = new Set<Socket & { _httpMessage?: ServerResponse | null }>();

  constructor(source: ConnectionSource) {
    this.#source = source;
  }

  get address(): ConnectionSource['address'] {
    return this.#source.address;
  }

  start(take: (socket: Socket) => void): void {
    this.#source.start(socket => {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
      take(socket);
    });
  }

  stop(): Promise<void> {
    return this.#source.stop();
  }

  /** Their clients open others, which are not for this process any more. */
  close(): void {
    for (const socket of this.#open) if (!socket._httpMessage && socket.writableLength === 0) socket.destroy();
  }
}
