/** The way to write a server: tools, resources and prompts with their handlers. Names as in the official SDK v2. */

import type { AuthInfo } from '../protocol/auth-info.ts';
import type { ServerCapabilities } from '../protocol/capability.ts';
import type { Implementation } from '../protocol/implementation.ts';
import type { LoggingMessageNotificationParams } from '../protocol/logging.ts';
import type { ParamHeaderRule } from '../protocol/param-header.ts';
import type { RawShape } from '../schema/raw-shape.ts';
import type { StandardSchemaWithJSON } from '../schema/standard-schema.ts';
import { ComponentRegistry } from './component-registry.ts';
import type { Hook, HookOptions, ReadinessCheck } from './lifecycle-hooks.ts';
import type { Middleware } from './middleware.ts';
import type { McpServerOptions } from './options.ts';
import { complete, promptsGet } from './prompt-operations.ts';
import {
  type PromptCallback,
  type PromptConfig,
  type RawShapePromptCallback,
  RegisteredPrompt,
} from './prompt-registration.ts';
import { exists } from './registration.ts';
import { isHidden } from './resource-lookup.ts';
import { resourcesList, resourcesRead } from './resource-operations.ts';
import {
  type ReadResourceCallback,
  type ReadResourceTemplateCallback,
  RegisteredResource,
  RegisteredResourceTemplate,
  type ResourceConfig,
} from './resource-registration.ts';
import type { ResourceTemplate } from './resource-template.ts';
import type { ScopeChallengeHandler } from './scope-challenge.ts';
import { scopeChallengeOf } from './scope-lookup.ts';
import { Server } from './server.ts';
import { Snapshot } from './snapshot.ts';
import { toolCall } from './tool-call.ts';
import {
  type AnyHandler,
  type CompiledTool,
  type RawShapeToolCallback,
  RegisteredTool,
  type ToolCallback,
  type ToolConfig,
} from './tool-registration.ts';
import type { Transport } from './transport.ts';

/**
 * An MCP server. Register what it offers, then serve it: `export default server` for `slipway start`, `serve(server)`,
 * `createMcpHandler(server)` or `server.connect(transport)`. One instance answers every request.
 *
 * @example
 * const server = new McpServer({ name: 'weather', version: '1.0.0' });
 * server.registerTool('forecast', { inputSchema: z.object({ city: z.string() }) }, async ({ city }) => forecastFor(city));
 */
export class McpServer {
  readonly #core: Server;
  readonly #options: McpServerOptions;
  readonly #tools = new ComponentRegistry<RegisteredTool>('tool', () => this.#changed('tools_list_changed'));
  readonly #prompts = new ComponentRegistry<RegisteredPrompt>('prompt', () => this.#changed('prompts_list_changed'));
  readonly #resources = new ComponentRegistry<RegisteredResource>('resource', () =>
    this.#changed('resources_list_changed'),
  );
  readonly #templates = new ComponentRegistry<RegisteredResourceTemplate>('resource template', () =>
    this.#changed('resources_list_changed'),
  );
  #snapshot: Snapshot | undefined;

  /** @throws SlipwayError `SLIP_INVALID_OPTION`; RangeError for a cache hint */
  constructor(serverInfo: Implementation, options: McpServerOptions = {}) {
    this.#core = new Server(serverInfo, options);
    this.#options = options;
    this.#core.hidesResource = (uri, authInfo) => this.hidesResource(uri, authInfo);
    // A declared capability is answered even while nothing is registered: its lists are empty.
    if (options.capabilities?.tools) this.#offerTools();
    if (options.capabilities?.resources) this.#offerResources();
    if (options.capabilities?.prompts) this.#offerPrompts();
  }

  /**
   * Runs before the server listens, one hook after the other; one that fails keeps it from starting. Called with a signal
   * that aborts when its time (default 10 s) is over.
   *
   * @example
   * server.onStart(() => pool.connect(), { name: 'database', timeoutMs: 5_000 });
   */
  onStart(hook: Hook, options?: HookOptions): void {
    this.#core.lifecycle.add('onStart', hook, options);
  }

  /** Runs when the last call has ended, in reverse order; one that fails or takes too long is logged. */
  onStop(hook: Hook, options?: HookOptions): void {
    this.#core.lifecycle.add('onStop', hook, options);
  }

  /** `/readyz` says 503 while this throws, returns `false`, or takes longer than its time (default 2 s). */
  addReadinessCheck(name: string, check: ReadinessCheck, options?: Omit<HookOptions, 'name'>): void {
    this.#core.lifecycle.add('ready', check, { ...options, name });
  }

  /** The server underneath: methods of one's own, capabilities, and requests to the client. */
  get server(): Server {
    return this.#core;
  }

  /** @internal The same for the floors above, which pass the request along. */
  get core(): Server {
    return this.#core;
  }

  /** @internal What is registered at this moment, for who shows it rather than serves it. */
  get snapshot(): Snapshot {
    return this.#snapshotNow();
  }

  #snapshotNow(): Snapshot {
    return (this.#snapshot ??= new Snapshot(this.#core, {
      tools: this.#tools.publish(),
      resources: this.#resources.publish(),
      templates: this.#templates.publish(),
      prompts: this.#prompts.publish(),
    }));
  }

  #changed(kind: 'tools_list_changed' | 'prompts_list_changed' | 'resources_list_changed'): void {
    this.#snapshot = undefined;
    this.#core.announce({ kind });
  }

  #imply(kind: 'tools' | 'resources' | 'prompts'): void {
    const declared = this.#core.capabilities[kind];
    if (declared?.listChanged !== undefined) return;
    this.#core.implyCapabilities({ [kind]: { listChanged: true } } as ServerCapabilities);
  }

  #offerTools(): void {
    this.#imply('tools');
    const snapshot = () => this.#snapshotNow();
    this.#core.install('tools/list', (context, params) => snapshot().toolPages.page(context, params));
    this.#core.install('tools/call', toolCall(snapshot, this.#options.maxToolInputElements));
  }

  #offerResources(): void {
    this.#imply('resources');
    const snapshot = () => this.#snapshotNow();
    this.#core.install('resources/list', resourcesList(snapshot));
    this.#core.install('resources/templates/list', (context, params) => snapshot().templatePages.page(context, params));
    this.#core.install('resources/read', resourcesRead(snapshot, this.#options.cacheHints?.['resources/read']));
  }

  #offerPrompts(): void {
    this.#imply('prompts');
    const snapshot = () => this.#snapshotNow();
    this.#core.install('prompts/list', (context, params) => snapshot().promptPages.page(context, params));
    this.#core.install('prompts/get', promptsGet(snapshot));
  }

  #offerCompletions(): void {
    this.#core.implyCapabilities({ completions: {} });
    this.#core.install(
      'completion/complete',
      complete(() => this.#snapshotNow()),
    );
  }

  /**
   * Registers a tool.
   *
   * @param config what clients see, and `inputSchema`, `outputSchema`, `enabled`, `timeout`
   * @param cb `(args, ctx)` with an input schema, `(ctx)` without; see {@link ToolOutput} for what it may return
   * @throws SlipwayError `SLIP_DUPLICATE_NAME`, `SLIP_INVALID_NAME`, `SLIP_SCHEMA_...`
   */
  registerTool<
    OutputArgs extends StandardSchemaWithJSON,
    InputArgs extends StandardSchemaWithJSON | undefined = undefined,
  >(name: string, config: ToolConfig<InputArgs, OutputArgs>, cb: ToolCallback<InputArgs>): RegisteredTool;
  /** The same with a record of field schemas: `{ name: z.string() }`. */
  registerTool<
    InputArgs extends RawShape,
    OutputArgs extends RawShape | StandardSchemaWithJSON | undefined = undefined,
  >(name: string, config: ToolConfig<InputArgs, OutputArgs>, cb: RawShapeToolCallback<InputArgs>): RegisteredTool;
  registerTool(name: string, config: ToolConfig<unknown, unknown>, cb: AnyHandler): RegisteredTool {
    this.#tools.assertFree(name);
    const tool = new RegisteredTool(name, config, cb, this.#tools, this.#core.logger);
    if (this.#tools.size === 0) this.#offerTools();
    this.#tools.add(name, tool);
    return tool;
  }

  /** Registers a resource: a fixed URI, or a {@link ResourceTemplate} for a family of them. */
  registerResource(
    name: string,
    uriOrTemplate: string,
    config: ResourceConfig,
    readCallback: ReadResourceCallback,
  ): RegisteredResource;
  registerResource(
    name: string,
    uriOrTemplate: ResourceTemplate,
    config: ResourceConfig,
    readCallback: ReadResourceTemplateCallback,
  ): RegisteredResourceTemplate;
  registerResource(
    name: string,
    uriOrTemplate: string | ResourceTemplate,
    config: ResourceConfig,
    readCallback: ReadResourceCallback | ReadResourceTemplateCallback,
  ): RegisteredResource | RegisteredResourceTemplate {
    if (typeof uriOrTemplate === 'string') {
      this.#resources.assertFree(uriOrTemplate);
      const callback = readCallback as ReadResourceCallback;
      const resource = new RegisteredResource(name, uriOrTemplate, config, callback, this.#resources);
      this.#offerResources();
      this.#resources.add(uriOrTemplate, resource);
      return resource;
    }
    this.#templates.assertFree(name);
    const callback = readCallback as ReadResourceTemplateCallback;
    const template = new RegisteredResourceTemplate(name, uriOrTemplate, config, callback, this.#templates);
    this.#offerResources();
    if (uriOrTemplate.completes) this.#offerCompletions();
    this.#templates.add(name, template);
    return template;
  }

  /**
   * Registers a prompt.
   *
   * @param cb `(args, ctx)` with an arguments schema, `(ctx)` without
   * @throws SlipwayError `SLIP_DUPLICATE_NAME`, `SLIP_INVALID_NAME`, `SLIP_SCHEMA_...`
   */
  registerPrompt(name: string, config: PromptConfig<undefined>, cb: PromptCallback): RegisteredPrompt;
  registerPrompt<Args extends StandardSchemaWithJSON>(
    name: string,
    config: PromptConfig<Args>,
    cb: PromptCallback<Args>,
  ): RegisteredPrompt;
  /** The same with a record of field schemas. */
  registerPrompt<Args extends RawShape>(
    name: string,
    config: PromptConfig<Args>,
    cb: RawShapePromptCallback<Args>,
  ): RegisteredPrompt;
  registerPrompt(name: string, config: PromptConfig<unknown>, cb: AnyHandler): RegisteredPrompt {
    this.#prompts.assertFree(name);
    const prompt = new RegisteredPrompt(name, config, cb, this.#prompts);
    this.#offerPrompts();
    if (prompt.completes) this.#offerCompletions();
    this.#prompts.add(name, prompt);
    return prompt;
  }

  /** Wraps every operation; see {@link Middleware}. The first added is the outermost. */
  use(middleware: Middleware): this {
    this.#core.middleware.push(middleware);
    return this;
  }

  /** The headers that mirror a tool's arguments; empty for most. */
  paramHeadersOf(name: unknown, authInfo: AuthInfo | undefined): readonly ParamHeaderRule[] {
    const tool = this.#snapshotNow().tools.get(name as string);
    return tool !== undefined && exists(tool, { authInfo }) ? tool.paramHeaders : [];
  }

  /** What limits ask of a tool: the one of this name that exists for this caller. */
  toolOf(name: unknown, authInfo: AuthInfo | undefined): CompiledTool | undefined {
    const tool = this.#snapshotNow().tools.get(name as string);
    return tool !== undefined && exists(tool, { authInfo }) ? tool : undefined;
  }

  /** Whether a resource exists, but not for this caller: who may not read it may not hear of it either. */
  hidesResource(uri: string, authInfo: AuthInfo | undefined): boolean {
    return isHidden(this.#snapshotNow(), { authInfo }, uri);
  }

  /** Whether any component needs scopes: most servers have none, and are not asked. */
  get challenges(): boolean {
    return this.#snapshotNow().challenges;
  }

  /** The scopes that a request would need beyond those it has; undefined when it has them. */
  readonly resolveScopeChallenge: ScopeChallengeHandler = context => scopeChallengeOf(this.#snapshotNow())(context);

  /** Serves one client over a transport that passes messages. */
  async connect(transport: Transport): Promise<void> {
    await this.#core.connect(transport);
  }

  async close(): Promise<void> {
    await this.#core.close();
  }

  /** Whether a client can be reached: by a connection, or by a request that has arrived over HTTP. */
  isConnected(): boolean {
    return this.#core.connection !== undefined || this.#core.serving;
  }

  /** Sends a log message to the client of the current request, or of the connection. */
  async sendLoggingMessage(params: LoggingMessageNotificationParams, sessionId?: string): Promise<void> {
    await this.server.sendLoggingMessage(params, sessionId);
  }

  /** Tells everybody who listens that the list of tools changed; changes through handles tell it themselves. */
  sendToolListChanged(): void {
    this.#core.announce({ kind: 'tools_list_changed' });
  }

  sendResourceListChanged(): void {
    this.#core.announce({ kind: 'resources_list_changed' });
  }

  sendPromptListChanged(): void {
    this.#core.announce({ kind: 'prompts_list_changed' });
  }

  /** Tells everybody who subscribed to the resource that its contents changed. */
  sendResourceUpdated(params: { uri: string }): void {
    this.#core.announce({ kind: 'resource_updated', uri: params.uri });
  }
}
