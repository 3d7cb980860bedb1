/** One run of the doctor against one URL: what is asked for, what has been observed so far, and the way to the network. */
import type { Client } from './client.ts';
import type { Exchange, ExchangeRequest } from './exchange/exchange.ts';
import { ExchangeClient } from './exchange/exchange-client.ts';
import { awakeTimeout } from './exchange/patience.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import type { ConnectTo } from './network/connect-to.ts';
import { Network } from './network/network.ts';

export interface ExaminationOptions {
  /** The URL as the user would enter it into a client. */
  readonly url: string;
  /** Default: Claude. */
  readonly clients?: readonly Client[];
  /** An access token; sent to the origin of the URL only. */
  readonly bearer?: string;
  /** Further headers of MCP requests; sent to the origin of the URL only. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Allows probes that leave state or add load. */
  readonly write?: boolean;
  /** Allows connections to private addresses, loopback among them. */
  readonly allowPrivate?: boolean;
  /** Certificates (PEM) that are trusted beside the usual ones. */
  readonly ca?: string;
  readonly connectTo?: readonly ConnectTo[];
  /** A name server, `address` or `address:port`, in place of the system's. */
  readonly dns?: string;
  readonly limits?: Partial<Limits>;
  /** Ends the run. */
  readonly signal?: AbortSignal;
}

/** `/mcp` for `/mcp` and `/mcp/`. */
export function bareUrl(url: URL): URL {
  const bare = new URL(url);
  bare.pathname = url.pathname.replace(/\/+$/, '') || '/';
  return bare;
}

export class Examination {
  readonly entered: URL;
  readonly options: ExaminationOptions;
  readonly limits: Limits;
  readonly network: Network;
  readonly #exchanges: ExchangeClient;
  readonly #observed = new Map<unknown, Promise<unknown>>();
  readonly #endings: (() => Promise<unknown>)[] = [];
  readonly #over = new AbortController();
  #url: URL;

  /** @param options its URL has to be a valid http or https URL */
  constructor(options: ExaminationOptions) {
    this.entered = new URL(options.url);
    this.#url = bareUrl(this.entered);
    this.options = options;
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.network = new Network(options, this.limits);
    const { bearer, headers = [] } = options;
    const authorization = bearer === undefined ? [] : [['Authorization', `Bearer ${bearer}`] as const];
    const credentials = { origin: this.entered.origin, headers: [...authorization, ...headers] };
    this.#exchanges = new ExchangeClient(this.network, this.limits, credentials, this.#over.signal);
  }

  /** What is examined: the entered URL without a slash at its end, as Claude asks for it, while that leads anywhere. */
  get url(): URL {
    return this.#url;
  }

  /** Examines the URL as it was entered: the form without a slash leads nowhere, and others ask for this one. */
  takeEntered(): void {
    this.#url = this.entered;
  }

  /** Whether the user gave something that authenticates. */
  get hasCredentials(): boolean {
    return this.options.bearer !== undefined || (this.options.headers?.length ?? 0) > 0;
  }

  /**
   * What `make` observes, once per examination.
   *
   * @param key any value; observations use their own function (observation.ts)
   */
  once<T>(key: unknown, make: () => Promise<T>): Promise<T> {
    let observed = this.#observed.get(key) as Promise<T> | undefined;
    if (observed === undefined) {
      observed = make();
      // Whoever asks is told; nobody may have asked yet.
      observed.catch(() => {});
      this.#observed.set(key, observed);
    }
    return observed;
  }

  /** One request and what comes back. Never throws for what the other side does; never follows a redirect. */
  exchange(request: ExchangeRequest): Promise<Exchange> {
    return this.#exchanges.exchange(request);
  }

  /** Something to tidy up at the end: a session to delete. */
  atEnd(tidy: () => Promise<unknown>): void {
    this.#endings.push(tidy);
  }

  /** Tidies up, for as long as one exchange may take and whatever comes of it, and ends what is still running. */
  async end(): Promise<void> {
    let stop: (() => void) | undefined;
    const late = new Promise<void>(resolve => {
      stop = awakeTimeout(this.limits.exchangeMs, resolve);
    });
    await Promise.race([Promise.allSettled(this.#endings.splice(0).map(tidy => tidy())), late]);
    stop?.();
    this.#over.abort();
  }
}
