/**
 * A request whose body is handed over as it arrives, without the stream machinery of node:http in between: that saves
 * about a sixth of a small request's whole cost (docs/decisions/0012-body-without-a-stream.md).
 */
import { Readable } from 'node:stream';

// Not an import: see listener.ts.
const { IncomingMessage } = process.getBuiltinModule('node:http');

/** Takes a body. */
export interface BodyReceiver {
  take(chunk: Buffer): void;
  /** The body is whole. */
  complete(): void;
  /** The request ended before its body was whole. */
  abandon(): void;
}

/**
 * For `createServer({ IncomingMessage: WholeBodyRequest })`. Until {@link receive} is called it is an ordinary request,
 * so other listeners get an ordinary stream.
 */
export class WholeBodyRequest extends IncomingMessage {
  #receiver: BodyReceiver | undefined;
  #whole = false;

  /** Call it while the 'request' event is handled: the first chunk comes right after. */
  receive(receiver: BodyReceiver): void {
    this.#receiver = receiver;
  }

  /** The parser calls it for each chunk, and with null at the end. */
  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    const receiver = this.#receiver;
    if (receiver === undefined) return super.push(chunk, encoding);
    if (chunk !== null) receiver.take(chunk as Buffer);
    else if (!this.#whole) {
      this.#whole = true;
      receiver.complete();
    }
    // Nothing is buffered here, so there is nothing to wait for: the receiver bounds what it keeps.
    return true;
  }

  /** Whether the body was handed over in whole. */
  get handedOver(): boolean {
    return this.#whole;
  }

  /** node:http calls it after the answer to throw away a body that nobody read. */
  _dump(): void {
    if (this.#receiver !== undefined) return;
    (IncomingMessage.prototype as unknown as { _dump?: () => void })._dump?.call(this);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.#whole) this.#receiver?.abandon();
    super._destroy(error, callback);
  }
}

const inherited = Object.getOwnPropertyDescriptor(Readable.prototype, 'readableEnded');

// node:http asks for it before it uses the connection for the next request. Defined here because the types know it as a
// field, which a class can not override with an accessor.
Object.defineProperty(WholeBodyRequest.prototype, 'readableEnded', {
  configurable: true,
  get(this: WholeBodyRequest): boolean {
    return this.handedOver || inherited?.get?.call(this) === true;
  },
});
