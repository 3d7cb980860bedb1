/** What an endpoint serves: one server for everybody, or one that a factory makes. */
import type { AuthInfo } from '../../protocol/auth-info.ts';
import type { ProtocolEra } from '../../protocol/revision.ts';
import { currentRequest } from '../../server/current-request.ts';
import { McpServer } from '../../server/mcp-server.ts';
import { Server } from '../../server/server.ts';

/** What a factory may look at. A factory that looks is called for every request; one that does not, once. */
export interface McpRequestContext {
  readonly era: ProtocolEra;
  readonly authInfo?: AuthInfo;
  /** The HTTP request. */
  readonly requestInfo?: Request;
}

export type McpServerFactory = (ctx: McpRequestContext) => McpServer | Server | Promise<McpServer | Server>;

/** A server with what the endpoint asks of it. */
export interface Served {
  readonly server: Server;
  /** Absent for a low-level server, which has no registry. */
  readonly registered: McpServer | undefined;
}

export function servedOf(product: McpServer | Server): Served {
  if (product instanceof McpServer) return { server: product.core, registered: product };
  if (product instanceof Server) return { server: product, registered: undefined };
  throw new TypeError('the factory returned neither an McpServer nor a Server');
}

/** How long others wait for the first call of a factory before they call it themselves. */
const PROBE_PATIENCE_MS = 1_000;

export interface SourceHooks {
  /** Told each server that the factory makes. */
  onMade(served: Served): void;
  /** Told the one server once it is known; returns what to call when it no longer is that. */
  onShared(served: Served): () => void;
}

/** Where an endpoint gets its server from. */
export class ServerSource {
  /** The one server for all requests, once it is known that there is one. */
  shared: Served | undefined;
  readonly #factory: McpServerFactory | undefined;
  readonly #hooks: SourceHooks;
  #offShared: (() => void) | undefined;
  #epoch = 0;
  #probing: Promise<void> | undefined;

  /**
   * @param source a server, or a factory
   */
  constructor(source: McpServer | Server | McpServerFactory, hooks: SourceHooks) {
    this.#hooks = hooks;
    if (typeof source !== 'function') {
      this.#share(servedOf(source));
      return;
    }
    this.#factory = source;
  }

  #share(served: Served): void {
    this.shared = served;
    this.#offShared = this.#hooks.onShared(served);
  }

  /** Has the factory called again by the next request; a server that was handed over stays. */
  renew(): void {
    if (this.#factory === undefined) return;
    this.#epoch++;
    this.shared = undefined;
    this.#offShared?.();
  }

  /** The server for one request. */
  async acquire(context: McpRequestContext): Promise<Served> {
    // The first request finds out whether the factory looks at its request; others wait for that, not for the answer.
    if (this.#probing !== undefined && this.shared === undefined) {
      await Promise.race([this.#probing, new Promise(resolve => setTimeout(resolve, PROBE_PATIENCE_MS).unref())]);
    }
    if (this.shared !== undefined) return this.shared;
    if (this.#looks) return this.#make(context);
    let served: Served | undefined;
    const epoch = this.#epoch;
    const probe = (async () => {
      const watched = watch(context);
      served = await this.#make(watched.context);
      if (watched.looked()) this.#looks = true;
      else {
        watched.share();
        if (epoch === this.#epoch) this.#share(served);
      }
    })();
    this.#probing = probe.then(
      () => {
        this.#probing = undefined;
      },
      () => {
        this.#probing = undefined;
      },
    );
    await probe;
    return served!;
  }

  async #make(context: McpRequestContext): Promise<Served> {
    const served = servedOf(await this.#factory!(context));
    this.#hooks.onMade(served);
    return served;
  }

  /** Whether the factory is known to look at its request. */
  #looks = false;
}

/** The request that is answered right here, in the words of a factory's context. */
function currentContext(): Partial<McpRequestContext> {
  const current = currentRequest();
  if (current === undefined) return {};
  const { authInfo, http } = current.peer;
  const requestInfo = http?.req;
  const era = current.call.envelope === undefined ? 'legacy' : 'modern';
  return { era, ...(authInfo && { authInfo }), ...(requestInfo && { requestInfo }) };
}

/**
 * The context with a record of whether anything in it was read. Once the server is shared, a late look (from a handler
 * that kept the context) sees the request that is being answered then: never the one that the factory was called for.
 */
function watch(context: McpRequestContext): { context: McpRequestContext; looked(): boolean; share(): void } {
  let looked = false;
  let shared = false;
  const noting =
    <Args extends unknown[], R>(operation: (target: object, ...rest: Args) => R) =>
    (_target: McpRequestContext, ...rest: Args): R => {
      looked = true;
      return operation(shared ? currentContext() : context, ...rest);
    };
  const proxy = new Proxy({} as McpRequestContext, {
    get: noting(Reflect.get),
    has: noting(Reflect.has),
    ownKeys: noting(Reflect.ownKeys),
    getOwnPropertyDescriptor: noting(Reflect.getOwnPropertyDescriptor),
  });
  return {
    context: proxy,
    looked: () => looked,
    share: () => {
      shared = true;
    },
  };
}
