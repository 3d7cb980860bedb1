/** One TCP connection with HTTP written by hand, for what no client would send. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Prepared } from './mcp-post.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const END_OF_HEAD = '\r\n\r\n';

/** The bytes of a POST with its Content-Length. */
export function postBytes({ headers, body }: Prepared, extra: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ host: 'localhost', ...headers, 'content-length': Buffer.byteLength(body), ...extra });
  return `POST / HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

export class RawConnection {
  readonly socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #closed = false;
  #wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake?.();
    });
    socket.on('close', () => {
      this.#closed = true;
      this.#wake?.();
    });
    socket.on('error', () => {});
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  write(text: string | Buffer): void {
    this.socket.write(text);
  }

  /** Everything that has arrived and is not consumed. */
  get received(): string {
    return this.#received.toString();
  }

  get closed(): boolean {
    return this.#closed;
  }

  async #until(ready: () => boolean): Promise<void> {
    while (!ready()) {
      if (this.#closed) throw new Error(`the connection closed after: ${this.received.slice(0, 400)}`);
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
  }

  async untilReceived(text: string): Promise<void> {
    await this.#until(() => this.received.includes(text));
  }

  async untilClosed(): Promise<void> {
    while (!this.#closed) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
  }

  /** The next response that has a Content-Length (or no body). */
  async answer(): Promise<RawAnswer> {
    await this.#until(() => this.#received.includes(END_OF_HEAD));
    const at = this.#received.indexOf(END_OF_HEAD);
    const [first = '', ...lines] = this.#received.subarray(0, at).toString().split('\r\n');
    const headers = Object.fromEntries(
      lines.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const status = Number(first.split(' ')[1]);
    const end = at + END_OF_HEAD.length + (status === 100 ? 0 : Number(headers['content-length'] ?? 0));
    await this.#until(() => this.#received.length >= end);
    const body = this.#received.subarray(at + END_OF_HEAD.length, end).toString();
    this.#received = this.#received.subarray(end);
    return { status, headers, body };
  }

  close(): void {
    this.socket.destroy();
  }
}
