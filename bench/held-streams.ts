/** Many event streams that are held by one client. */
import { connect, type Socket } from 'node:net';

/** How many streams are being opened at one time: below the backlog of a listening socket. */
const OPENING = 100;
const PATIENCE = 60_000;

/** Client sockets hold no more than what arrived since they were last asked, so that many of them stay cheap. */
export class HeldStreams {
  readonly #sockets: Socket[] = [];
  readonly #heard = new Map<Socket, string>();

  /**
   * Opens one stream per request.
   *
   * @param greeting what each stream says once it is open
   */
  async open(port: number, requests: readonly string[], greeting: string): Promise<void> {
    const waiting = requests.values();
    const worker = async () => {
      for (const request of waiting) {
        const socket = connect(port, '127.0.0.1');
        this.#sockets.push(socket);
        socket.setEncoding('utf8').on('data', text => this.#heard.set(socket, (this.#heard.get(socket) ?? '') + text));
        socket.on('error', () => {}); // a lost stream shows as a missing word below
        socket.write(request);
        await this.#hears(socket, greeting);
      }
    };
    await Promise.all(Array.from({ length: OPENING }, worker));
  }

  /** Resolves once every stream has received `word`. */
  async allHear(word: string): Promise<void> {
    await Promise.all(this.#sockets.map(socket => this.#hears(socket, word)));
  }

  async close(): Promise<void> {
    const closed = this.#sockets.map(socket => new Promise(done => socket.once('close', done).destroy()));
    await Promise.all(closed);
    this.#sockets.length = 0;
    this.#heard.clear();
  }

  #hears(socket: Socket, word: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = () => {
        clearTimeout(timer);
        reject(
          new Error(`a stream never heard "${word}"; it got: ${(this.#heard.get(socket) ?? 'nothing').slice(0, 300)}`),
        );
      };
      const timer = setTimeout(fail, PATIENCE);
      const listen = () => {
        if (!this.#heard.get(socket)?.includes(word)) return;
        clearTimeout(timer);
        socket.off('data', listen).off('close', fail);
        this.#heard.delete(socket);
        resolve();
      };
      socket.on('data', listen).on('close', fail);
      listen();
    });
  }
}
