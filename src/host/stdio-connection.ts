/** One client over one wire, and the server that a source has for each of its eras. */
import { classify } from '../protocol/classification.ts';
import { INTERNAL_ERROR, isJSONRPCRequest, type JSONRPCMessage } from '../protocol/json-rpc.ts';
import type { ProtocolEra } from '../protocol/revision.ts';
import type { ConnectionOptions } from '../server/connection.ts';
import { logInternal } from '../server/fault.ts';
import { type Logger, stderrLogger } from '../server/logger.ts';
import type { McpServer } from '../server/mcp-server.ts';
import type { Server } from '../server/server.ts';
import type { MessageExtraInfo, Transport } from '../server/transport.ts';
import { type McpServerFactory, type Served, ServerSource } from '../transport/http/served.ts';
import { EraChannel } from '../transport/stdio/era-channel.ts';

const NO_HEADERS = { protocolVersion: undefined, mcpMethod: undefined, mcpName: undefined };

interface Connected {
  readonly server: Server;
  readonly channel: EraChannel;
}

interface Arrived {
  readonly message: JSONRPCMessage;
  readonly extra: MessageExtraInfo | undefined;
  /** Whether it has waited for a free place, and has one now. */
  readonly released?: boolean;
}

export interface StdioConnectionOptions extends ConnectionOptions {
  onerror?: (error: Error) => void;
  logger?: Logger;
  /** Requests that are answered at the same time; more wait for a free place. */
  maxConcurrentRequests: number;
}

/** A wire may be able to read less while requests wait for a free place. */
export interface StdioWire extends Transport {
  hold?(holding: boolean): void;
}

function isCall(message: JSONRPCMessage): boolean {
  return isJSONRPCRequest(message) || Array.isArray(message);
}

/**
 * Asks the source for a server when the first message arrives. A server, or what a factory makes that does not look at
 * the era, serves both; a factory that looks is asked once more should the client turn to the other era.
 */
export class StdioConnection {
  readonly #wire: StdioWire;
  readonly #source: ServerSource;
  readonly #options: StdioConnectionOptions;
  readonly #byEra = new Map<ProtocolEra, Connected>();
  readonly #queue: Arrived[] = [];
  /** Requests that wait for a free place; answers and cancellations pass them, or nothing might ever end. */
  #held: Arrived[] = [];
  #places: number;
  #releasing = false;
  #routing = false;
  #closed = false;

  constructor(wire: StdioWire, source: McpServer | Server | McpServerFactory, options: StdioConnectionOptions) {
    this.#wire = wire;
    this.#source = new ServerSource(source, { onMade: () => {}, onShared: () => () => {} });
    this.#places = options.maxConcurrentRequests;
    this.#options = {
      ...options,
      onRequest: () => {
        this.#places--;
        return () => {
          this.#places++;
          this.#release();
        };
      },
    };
  }

  async start(): Promise<void> {
    const wire = this.#wire;
    const { onclose, onerror } = wire;
    wire.onmessage = (message, extra) => {
      this.#queue.push({ message, extra });
      if (!this.#routing) void this.#route();
    };
    wire.onclose = () => {
      this.#closed = true;
      this.#held = [];
      onclose?.call(wire);
      for (const { channel } of this.#connected) channel.onclose?.();
    };
    wire.onerror = error => {
      onerror?.call(wire, error);
      this.#report(error);
      for (const { channel } of this.#connected) channel.onerror?.(error);
    };
    wire.oninputend = async () => {
      // What has arrived is all there will be: it is begun now, as long as there is time for it.
      this.#releaseAll();
      await this.#routed();
      await Promise.all(this.#connected.map(({ channel }) => channel.oninputend?.()));
    };
    await wire.start();
  }

  /** Refuses new requests and resolves once those that were begun are answered. */
  async finish(): Promise<void> {
    await this.#routed();
    const finished = Promise.all(this.#connected.map(({ server }) => server.connection?.finish()));
    // Those that waited for a free place are refused as well.
    this.#releaseAll();
    await finished;
  }

  get #connected(): readonly Connected[] {
    return [...new Set(this.#byEra.values())];
  }

  #report(error: Error): void {
    try {
      this.#options.onerror?.(error);
    } catch {
      // Reporting never alters what is sent.
    }
  }

  #onRouted: (() => void)[] = [];

  async #routed(): Promise<void> {
    while (this.#routing) await new Promise<void>(resolve => this.#onRouted.push(resolve));
  }

  /** Hands over what has arrived, in its order, while there is a server for it. */
  async #route(): Promise<void> {
    this.#routing = true;
    for (let arrived = this.#queue.shift(); arrived !== undefined; arrived = this.#queue.shift()) {
      const { message, extra } = arrived;
      if (this.#waits(arrived)) continue;
      const era = this.#eraOf(message);
      if (era === undefined || this.#closed) continue;
      try {
        const connected = this.#byEra.get(era) ?? (await this.#connect(era));
        connected.channel.onmessage?.(message, extra);
      } catch (error) {
        this.#fail(message, error as Error);
      }
    }
    this.#routing = false;
    for (const routed of this.#onRouted.splice(0)) routed();
    this.#release();
  }

  /** Whether a message is not handed over now: a request without a free place, or one that was cancelled there. */
  #waits(arrived: Arrived): boolean {
    const { message } = arrived;
    if (isCall(message)) {
      if (arrived.released || (this.#places > 0 && this.#held.length === 0)) return false;
      this.#held.push(arrived);
      this.#wire.hold?.(true);
      return true;
    }
    if (this.#held.length === 0 || !('method' in message) || message.method !== 'notifications/cancelled') return false;
    const at = this.#held.findIndex(held => 'id' in held.message && held.message.id === message.params?.['requestId']);
    if (at < 0) return false;
    this.#held.splice(at, 1);
    if (this.#held.length === 0) this.#wire.hold?.(false);
    return true;
  }

  /** Hands over those that waited, while there is a place for them. */
  #release(): void {
    if (this.#releasing || this.#held.length === 0) return;
    this.#releasing = true;
    while (!this.#routing && this.#places > 0) {
      const next = this.#held.shift();
      if (next === undefined) break;
      this.#queue.push({ ...next, released: true });
      void this.#route();
    }
    this.#releasing = false;
    if (this.#held.length === 0) this.#wire.hold?.(false);
  }

  #releaseAll(): void {
    this.#places = Number.POSITIVE_INFINITY;
    this.#release();
  }

  /** The era whose server takes a message; undefined when nobody does. */
  #eraOf(message: JSONRPCMessage): ProtocolEra | undefined {
    if (this.#options.modernOnly) return 'modern';
    const { kind } = classify(message, NO_HEADERS);
    switch (kind) {
      case 'modern':
      case 'modern-notification':
        return 'modern';
      case 'legacy':
      case 'batch':
        return 'legacy';
      case 'refused':
        return this.#latest ?? 'legacy';
      default:
        // Notifications and responses concern what was begun before.
        return this.#byEra.has('legacy') ? 'legacy' : this.#latest;
    }
  }

  get #latest(): ProtocolEra | undefined {
    return [...this.#byEra.keys()].at(-1);
  }

  async #connect(era: ProtocolEra): Promise<Connected> {
    // A server may take its time to be made; what arrives meanwhile waits in the queue.
    this.#wire.hold?.(true);
    const served: Served = await this.#source.acquire({ era }).finally(() => {
      if (this.#held.length === 0) this.#wire.hold?.(false);
    });
    const existing = this.#connected.find(({ server }) => server === served.server);
    const connected = existing ?? { server: served.server, channel: new EraChannel(this.#wire) };
    if (existing === undefined) await served.server.connect(connected.channel, this.#options);
    this.#byEra.set(era, connected);
    // While the server was made, the client may have left.
    if (this.#closed) connected.channel.onclose?.();
    return connected;
  }

  #fail(message: JSONRPCMessage, error: Error): void {
    this.#report(error);
    const reference = logInternal(this.#options.logger ?? stderrLogger(), error, { during: 'factory' });
    if (!isJSONRPCRequest(message)) return;
    const text = `Internal error (reference ${reference})`;
    const answer = { code: INTERNAL_ERROR, message: text, data: { reference } };
    this.#wire.send({ jsonrpc: '2.0', id: message.id, error: answer }).catch(failed => this.#report(failed as Error));
  }
}
