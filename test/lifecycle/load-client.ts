/**
 * Calls without a pause over connections that are kept alive, as a client does that never sends a request twice: whatever
 * goes wrong with a call that was sent has lost it, and an error of a connection that is idle counts as much.
 */
import { connect, type Socket } from 'node:net';

export interface LoadTarget {
  readonly host: string;
  readonly port: number;
}

export interface LoadOptions {
  /** Connections that call without a pause. */
  readonly busy: number;
  /** Connections whose calls take up to 150 ms, so that some are always in flight. */
  readonly slow: number;
  /** Connections that are idle for up to 30 ms between two calls. */
  readonly idle: number;
}

const DEFAULT_LOAD: LoadOptions = { busy: 12, slow: 6, idle: 6 };

/** A call that takes longer is lost. */
const PATIENCE_MS = 20_000;

/** Ten thousand calls take a fraction of this. */
const REACH_MS = 40_000;

const MODERN = '2026-07-28';
const META = {
  'io.modelcontextprotocol/protocolVersion': MODERN,
  'io.modelcontextprotocol/clientInfo': { name: 'load', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

interface Call {
  readonly bytes: Buffer;
  /** What the answer has to contain. */
  readonly expected: string;
}

function callOf({ host, port }: LoadTarget, name: string, args: object, expected: string): Call {
  const params = { _meta: META, name, arguments: args };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  const head = [
    'POST /mcp HTTP/1.1',
    `Host: ${host}:${port}`,
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    `MCP-Protocol-Version: ${MODERN}`,
    'Mcp-Method: tools/call',
    `Mcp-Name: ${name}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return { bytes: Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`), expected };
}

/** Why a call is lost. */
class Lost extends Error {}

interface Answer {
  readonly status: number;
  readonly body: string;
  /** The server ends the connection with this answer. */
  readonly last: boolean;
}

/** The answer at the beginning of what was received; undefined as long as it is not whole. */
function answerIn(received: string): Answer | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = received.slice(0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Lost(`an answer without Content-Length: ${head}`);
  const body = received.slice(end + 4);
  if (body.length < Number(length)) return undefined;
  return { status: Number(head.slice(9, 12)), body, last: /\r\nconnection: *close/i.test(head) };
}

/** One kept-alive connection, opened again when its server has ended it between two calls. */
class LoadConnection {
  readonly #target: LoadTarget;
  readonly #onIdleError: (error: Error) => void;
  #socket: Socket | undefined;
  #calling = false;

  constructor(target: LoadTarget, onIdleError: (error: Error) => void) {
    this.#target = target;
    this.#onIdleError = onIdleError;
  }

  /** Resolves when the call is answered as it should be; rejects with {@link Lost}. */
  call({ bytes, expected }: Call): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = (this.#socket ??= this.#open());
      let received = '';
      this.#calling = true;
      const settle = (error?: Error) => {
        this.#calling = false;
        clearTimeout(timer);
        socket.removeAllListeners('data').off('close', onClose);
        if (error === undefined) return resolve();
        this.close();
        reject(error);
      };
      const onClose = () => settle(new Lost(`the connection ended (${socketError(socket)}) after '${received}'`));
      const timer = setTimeout(() => settle(new Lost('no answer')), PATIENCE_MS);
      socket.on('data', (chunk: string) => {
        received += chunk;
        try {
          const answer = answerIn(received);
          if (answer === undefined) return;
          if (answer.status !== 200) throw new Lost(`status ${answer.status}: ${answer.body.slice(0, 200)}`);
          if (!answer.body.includes(expected)) throw new Lost(`another answer: ${answer.body.slice(0, 200)}`);
          if (answer.last) this.close();
          settle();
        } catch (error) {
          settle(error as Error);
        }
      });
      socket.once('close', onClose);
      socket.write(bytes);
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open(): Socket {
    const socket = connect({ ...this.#target, noDelay: true }).setEncoding('latin1');
    socket.on('error', error => {
      errors.set(socket, error);
      if (!this.#calling) this.#onIdleError(error);
    });
    // A server may end a connection that carries nothing; what is sent before that is known is lost.
    const forget = () => {
      if (this.#socket === socket) this.#socket = undefined;
    };
    socket.on('end', () => {
      forget();
      socket.destroy();
    });
    socket.on('close', forget);
    return socket;
  }
}

const errors = new WeakMap<Socket, Error>();

function socketError(socket: Socket): string {
  return errors.get(socket)?.message ?? 'without an error';
}

export class LoadClient implements AsyncDisposable {
  /** Calls that were answered. */
  answered = 0;
  /** What became of the others. */
  readonly lost: string[] = [];
  readonly #running: Promise<void>[];
  #stopped = false;

  constructor(target: LoadTarget, { busy, slow, idle }: LoadOptions = DEFAULT_LOAD) {
    const hello = callOf(target, 'slow', { ms: 0 }, 'finished');
    const waits = Array.from({ length: 8 }, (_, at) => callOf(target, 'slow', { ms: 10 + at * 20 }, 'finished'));
    this.#running = [
      ...Array.from({ length: busy }, () => this.#run(target, () => hello)),
      ...Array.from({ length: slow }, () => this.#run(target, turn => waits[turn % waits.length]!)),
      ...Array.from({ length: idle }, () =>
        this.#run(
          target,
          () => hello,
          turn => 2 + ((turn * 7) % 29),
        ),
      ),
    ];
  }

  async #run(target: LoadTarget, callAt: (turn: number) => Call, idleMs?: (turn: number) => number): Promise<void> {
    const connection = new LoadConnection(target, error => {
      this.lost.push(`an idle connection: ${error.message}`);
    });
    for (let turn = 0; !this.#stopped; turn++) {
      try {
        await connection.call(callAt(turn));
        this.answered++;
      } catch (error) {
        this.lost.push((error as Error).message);
        // Whoever refuses at once is not asked a million times.
        await new Promise(resolve => setTimeout(resolve, 5));
      }
      if (idleMs !== undefined) await new Promise(resolve => setTimeout(resolve, idleMs(turn)));
    }
    connection.close();
  }

  /** Waits until so many calls are answered; rejects when that takes too long. */
  async reached(count: number): Promise<void> {
    const deadline = performance.now() + REACH_MS * Math.max(1, (count - this.answered) / 10_000);
    while (this.answered < count) {
      if (performance.now() > deadline) throw new Error(`${this.answered} calls answered: ${this.lost.at(-1)}`);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }

  /** Lets the calls that were sent be answered. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
