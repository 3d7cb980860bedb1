/** An MCP client of both eras. Method names as in the official SDK v2. */
import type { ClientCapabilities, ServerCapabilities } from '../protocol/capability.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { CompleteRequestParams, CompleteResult } from '../protocol/completion.ts';
import type { Implementation } from '../protocol/implementation.ts';
import type { JSONRPCRequest } from '../protocol/json-rpc.ts';
import type { GetPromptRequestParams, GetPromptResult, ListPromptsResult } from '../protocol/prompt.ts';
import { HEADER_MISMATCH, ProtocolError } from '../protocol/protocol-error.ts';
import type {
  ListResourcesResult,
  ListResourceTemplatesResult,
  ReadResourceRequestParams,
  ReadResourceResult,
} from '../protocol/resource.ts';
import type { PaginatedRequestParams, PaginatedResult, Result } from '../protocol/result.ts';
import { eraOf, isModernRevision, type ProtocolEra } from '../protocol/revision.ts';
import type { CallToolRequestParams, CallToolResult, ListToolsResult } from '../protocol/tool.ts';
import type { Transport } from '../server/transport.ts';
import { type ClientOptions, capabilitiesOf } from './client-options.ts';
import { IncomingMessages } from './incoming-messages.ts';
import { inRounds } from './input-rounds.ts';
import { allPages } from './list-pages.ts';
import { type Agreement, initialize, type Negotiating, negotiate } from './negotiation.ts';
import { OutgoingRequests } from './outgoing-requests.ts';
import { ParamHeaders } from './param-headers.ts';
import { requestMeta } from './request-meta.ts';
import type { RequestOptions } from './request-options.ts';
import { answerInRound } from './server-questions.ts';

const MAX_INPUT_ROUNDS = 20;
const MAX_PAGES = 1_000;
const PROBE_TIMEOUT_MS = 10_000;

type Params = Record<string, unknown>;

/**
 * Speaks with one server over a transport: HTTP, stdio, or the memory of this process.
 *
 * @example
 * await using client = new Client({ name: 'report', version: '1.0.0' });
 * await client.connect(new StreamableHTTPClientTransport('http://127.0.0.1:8087/mcp'));
 * const { content } = await client.callTool({ name: 'hello', arguments: { name: 'Ada' } });
 */
export class Client implements AsyncDisposable {
  readonly #info: Implementation;
  readonly #options: ClientOptions;
  readonly #capabilities: ClientCapabilities;
  readonly #outgoing: OutgoingRequests;
  readonly #paramHeaders = new ParamHeaders();
  readonly #incoming: IncomingMessages;
  #transport: Transport | undefined;
  #agreement: Agreement | undefined;
  #closed: Promise<void> | undefined;
  #ended: Error | undefined;

  constructor(clientInfo: Implementation, options: ClientOptions = {}) {
    this.#info = clientInfo;
    this.#options = options;
    this.#capabilities = capabilitiesOf(options);
    this.#outgoing = new OutgoingRequests({
      send: (message, signal) => this.#send(message, signal),
      cancel: (requestId, reason) => this.#cancel(requestId, reason),
    });
    this.#incoming = new IncomingMessages(options, this.#outgoing, {
      reply: response => this.#connected.send(response),
      report: error => this.#report(error),
    });
  }

  // Connection ------------------------------------------------------------------------------------------------------

  /**
   * Starts the transport and finds out what the server speaks. On failure the transport is closed.
   *
   * @throws SlipwayError `SLIP_SERVER_*` says what is wrong with the server or the way to it; ProtocolError what it answers
   */
  async connect(transport: Transport, options: RequestOptions = {}): Promise<void> {
    if (this.#transport !== undefined) throw new SlipwayError('SLIP_CLIENT_STATE', { state: 'connected already' });
    this.#transport = transport;
    const { onclose, onerror } = transport;
    transport.onmessage = message => this.#incoming.take(message);
    transport.onerror = error => {
      onerror?.call(transport, error);
      // It knows better why the connection ends than that it does.
      if (error instanceof SlipwayError && error.code === 'SLIP_SERVER_CLOSED') this.#end(error);
      this.#report(error);
    };
    transport.onclose = () => {
      onclose?.call(transport);
      this.#end(new SlipwayError('SLIP_SERVER_CLOSED', { why: 'the connection has ended' }));
    };
    try {
      await transport.start();
      this.#agree(await negotiate(this.#negotiating(options), this.#options.protocolVersion ?? 'auto'));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Ends the connection: what is awaited fails, a session is given back, a process is stopped. */
  close(): Promise<void> {
    this.#closed ??= (async () => {
      // A server over stdio may finish what it has begun after its input has ended; nobody is left to hear of that.
      if (this.#transport?.hasPerRequestStream !== true) this.#outgoing.cancelAll('The client is closing');
      this.#end(new SlipwayError('SLIP_CLIENT_STATE', { state: 'closed' }));
      await this.#transport?.close();
    })();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #negotiating(options: RequestOptions): Negotiating {
    const streams = this.#transport?.hasPerRequestStream === true;
    return {
      clientInfo: this.#info,
      capabilities: this.#capabilities,
      probeTimeoutMs: streams ? undefined : (this.#options.probeTimeoutMs ?? PROBE_TIMEOUT_MS),
      ask: (method, params, modern, timeout) =>
        this.#ask(method, params, modern, { ...options, ...(timeout !== undefined && { timeout }) }),
      notify: method => this.#connected.send({ jsonrpc: '2.0', method }),
      settle: revision => this.#transport?.setProtocolVersion?.(revision),
    };
  }

  #agree(agreement: Agreement): void {
    this.#agreement = agreement;
    if (isModernRevision(agreement.revision)) this.#transport?.setProtocolVersion?.(agreement.revision);
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#outgoing.failAll(this.#ended);
    this.#incoming.abort(this.#ended);
  }

  #report(error: Error): void {
    try {
      this.#options.onerror?.(error);
    } catch {
      // Reporting never alters what is sent.
    }
  }

  get #connected(): Transport {
    if (this.#ended !== undefined) throw this.#ended;
    if (this.#transport === undefined) throw new SlipwayError('SLIP_CLIENT_STATE', { state: 'not connected' });
    return this.#transport;
  }

  get #agreed(): Agreement {
    if (this.#agreement === undefined) throw new SlipwayError('SLIP_CLIENT_STATE', { state: 'not connected' });
    return this.#agreement;
  }

  // What is known of the server -------------------------------------------------------------------------------------

  getServerCapabilities(): ServerCapabilities | undefined {
    return this.#agreement?.capabilities;
  }

  /** Name and version of the server, by its own account. */
  getServerVersion(): Implementation | undefined {
    return this.#agreement?.serverInfo;
  }

  getInstructions(): string | undefined {
    return this.#agreement?.instructions;
  }

  getNegotiatedProtocolVersion(): string | undefined {
    return this.#agreement?.revision;
  }

  getProtocolEra(): ProtocolEra | undefined {
    return this.#agreement && eraOf(this.#agreement.revision);
  }

  // Requests --------------------------------------------------------------------------------------------------------

  /**
   * Sends any request and waits for its result. Where the server asks for input, it is answered by the handlers of the
   * options, and the request goes on.
   *
   * @throws ProtocolError what the server answers; SlipwayError `SLIP_SERVER_*`; the reason of an abort
   */
  async request(method: string, params: Params = {}, options: RequestOptions = {}): Promise<Result> {
    const { revision } = this.#agreed;
    const modern = isModernRevision(revision) ? revision : undefined;
    const send = (added: Params) => this.#ask(method, { ...params, ...added }, modern, options);
    return inRounds({
      method,
      maxRounds: this.#options.maxInputRounds ?? MAX_INPUT_ROUNDS,
      send: added => this.#inSession(() => send(added)),
      answer: question => answerInRound(question, this.#options, options.signal),
    });
  }

  /** The first page after a cursor, or all pages without one. A server without tools has none. */
  async listTools(params?: PaginatedRequestParams, options?: RequestOptions): Promise<ListToolsResult> {
    if (this.#agreed.capabilities.tools === undefined) return { tools: [] };
    const result = await this.#list<ListToolsResult>('tools/list', 'tools', params, options);
    if (!this.#mirrors) return result;
    return { ...result, tools: this.#paramHeaders.learn(result.tools, error => this.#report(error)) };
  }

  async listResources(params?: PaginatedRequestParams, options?: RequestOptions): Promise<ListResourcesResult> {
    if (this.#agreed.capabilities.resources === undefined) return { resources: [] };
    return this.#list<ListResourcesResult>('resources/list', 'resources', params, options);
  }

  async listResourceTemplates(
    params?: PaginatedRequestParams,
    options?: RequestOptions,
  ): Promise<ListResourceTemplatesResult> {
    if (this.#agreed.capabilities.resources === undefined) return { resourceTemplates: [] };
    return this.#list<ListResourceTemplatesResult>('resources/templates/list', 'resourceTemplates', params, options);
  }

  async listPrompts(params?: PaginatedRequestParams, options?: RequestOptions): Promise<ListPromptsResult> {
    if (this.#agreed.capabilities.prompts === undefined) return { prompts: [] };
    return this.#list<ListPromptsResult>('prompts/list', 'prompts', params, options);
  }

  /** Calls a tool. What the tool itself reports as an error comes back as a result with `isError`. */
  async callTool(params: CallToolRequestParams, options?: RequestOptions): Promise<CallToolResult> {
    const call = () => this.request('tools/call', params as unknown as Params, options) as Promise<CallToolResult>;
    try {
      return await call();
    } catch (error) {
      const mirror = this.#mirrors && error instanceof ProtocolError && error.code === HEADER_MISMATCH;
      if (!mirror) throw error;
      // The schema may have changed, or was never asked for (basic/transports/streamable-http, Client Behavior).
      const before = this.#paramHeaders.of(params);
      await this.listTools();
      if (JSON.stringify(this.#paramHeaders.of(params)) === JSON.stringify(before)) throw error;
      return call();
    }
  }

  async readResource(params: ReadResourceRequestParams, options?: RequestOptions): Promise<ReadResourceResult> {
    return (await this.request('resources/read', params, options)) as ReadResourceResult;
  }

  async getPrompt(params: GetPromptRequestParams, options?: RequestOptions): Promise<GetPromptResult> {
    return (await this.request('prompts/get', params, options)) as GetPromptResult;
  }

  async complete(params: CompleteRequestParams, options?: RequestOptions): Promise<CompleteResult> {
    return (await this.request('completion/complete', params as unknown as Params, options)) as CompleteResult;
  }

  /** Whether parts of a request are mirrored into headers: over HTTP, in the modern era. */
  get #mirrors(): boolean {
    return this.#transport?.hasPerRequestStream === true && isModernRevision(this.#agreed.revision);
  }

  #list<Page extends PaginatedResult>(
    method: string,
    member: string,
    params: PaginatedRequestParams = {},
    options?: RequestOptions,
  ): Promise<Page> {
    const page = (cursor: string | undefined) =>
      this.request(method, { ...params, ...(cursor !== undefined && { cursor }) }, options) as Promise<Page>;
    return params.cursor === undefined
      ? allPages(member, this.#options.maxPages ?? MAX_PAGES, page)
      : page(params.cursor);
  }

  /** Begins a new session where the old one has ended, and tries once more (MCP 2025-11-25, "Session Management"). */
  async #inSession(send: () => Promise<Result>): Promise<Result> {
    try {
      return await send();
    } catch (error) {
      const lost = error instanceof SlipwayError && error.code === 'SLIP_SERVER_SESSION';
      if (!lost || this.#ended !== undefined) throw error;
      this.#agree(await initialize(this.#negotiating({}), this.#agreed.revision));
      return send();
    }
  }

  #ask(method: string, params: Params, modern: string | undefined, options: RequestOptions): Promise<Result> {
    const facts = { info: this.#info, capabilities: this.#capabilities, logLevel: this.#options.logLevel };
    const withMeta = (token: string | number | undefined) => ({
      ...params,
      ...requestMeta(params['_meta'], modern, facts, token),
    });
    return this.#outgoing.ask(method, withMeta, options);
  }

  async #send(message: JSONRPCRequest, requestSignal: AbortSignal): Promise<void> {
    const transport = this.#connected;
    const calls = message.method === 'tools/call' && this.#agreement !== undefined && this.#mirrors;
    const headers = calls ? this.#paramHeaders.of(message.params as CallToolRequestParams | undefined) : undefined;
    await transport.send(message, { requestSignal, ...(headers && { headers }) });
  }

  #cancel(requestId: string | number, reason: string): void {
    const transport = this.#transport;
    // The handshake must not be cancelled.
    if (transport === undefined || this.#ended !== undefined || this.#agreement === undefined) return;
    // Where each request has a stream of its own, the end of that says so in the modern era.
    if (this.#mirrors) return;
    const message = { jsonrpc: '2.0' as const, method: 'notifications/cancelled', params: { requestId, reason } };
    transport.send(message).catch(error => this.#report(error as Error));
  }
}
