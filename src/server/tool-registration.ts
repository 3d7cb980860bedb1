/** A registered tool: its definition for clients, compiled once, and the handle that its author holds. */
import { SlipwayError, type SlipwayErrorCode } from '../protocol/coded-error.ts';
import type { Icon } from '../protocol/implementation.ts';
import type { InputRequiredResult } from '../protocol/input-required.ts';
import { compileParamHeaders, type ParamHeaderRule } from '../protocol/param-header.ts';
import { wrapsOutput } from '../protocol/projection.ts';
import type { CallToolResult, Tool, ToolAnnotations } from '../protocol/tool.ts';
import { toJsonSchema } from '../schema/conversion.ts';
import { EMPTY_INPUT_SCHEMA } from '../schema/json-schema.ts';
import { normalizeSchema, type RawShape, type RawShapeOutput } from '../schema/raw-shape.ts';
import type { StandardSchemaWithJSON } from '../schema/standard-schema.ts';
import { lintTool } from '../schema/tool-lint.ts';
import type { ServerContext } from './context.ts';
import type { Logger } from './logger.ts';
import type { Audience, Component, ComponentConfig } from './registration.ts';
import type { ScopeChallengeHandler } from './scope-challenge.ts';
import { checkedCost, checkedMaxResultChars, checkedRate, checkedTimeout } from './tool-limits.ts';

/**
 * What a handler may return: a tool result, a question, or plain data. A string becomes a text block; an object or array
 * becomes `structuredContent` with its JSON as text.
 */
export type ToolOutput = CallToolResult | InputRequiredResult | string | number | boolean | object | null | undefined;

type MaybePromise<T> = T | Promise<T>;

/** A handler that gets its arguments first where there is a schema of them. */
export type BaseToolCallback<
  SendResult,
  Ctx extends ServerContext,
  Args extends StandardSchemaWithJSON | undefined,
> = Args extends StandardSchemaWithJSON
  ? (args: StandardSchemaWithJSON.InferOutput<Args>, ctx: Ctx) => MaybePromise<SendResult>
  : (ctx: Ctx) => MaybePromise<SendResult>;

/** A tool's handler: `(args, ctx)` with an input schema, `(ctx)` without. */
export type ToolCallback<Args extends StandardSchemaWithJSON | undefined = undefined> = BaseToolCallback<
  ToolOutput,
  ServerContext,
  Args
>;

export type RawShapeToolCallback<Shape extends RawShape> = (
  args: RawShapeOutput<Shape>,
  ctx: ServerContext,
) => MaybePromise<ToolOutput>;

export interface ToolConfig<Input, Output> extends ComponentConfig {
  title?: string;
  description?: string;
  /** Standard Schema that offers JSON Schema, or `fromJsonSchema(...)`; its root is an object. */
  inputSchema?: Input;
  /** Describes `structuredContent`, which is then required and validated. */
  outputSchema?: Output;
  annotations?: ToolAnnotations;
  icons?: Icon[];
  _meta?: Record<string, unknown>;
  /** Milliseconds that a call may take, its validation included; default: the server's `toolTimeoutMs`. */
  timeout?: number;
  /** Characters that the JSON of a result may have, `Infinity` for any; default: the server's `maxResultChars`. */
  maxResultChars?: number;
  /** What a call takes from the caller's rate limits, a whole number; default 1, 0: nothing. */
  cost?: number;
  /** How much one caller may use of this tool: `10/1m`, in points of `cost` per window of s, m or h. Default: no limit. */
  rateLimit?: string;
  /** Findings at registration to accept, by code, for a tool that has to be as it is. */
  allow?: readonly SlipwayErrorCode[];
}

/** The same as {@link ToolCallback}, under the official SDK's second name. */
export type AnyToolHandler<Args extends StandardSchemaWithJSON | undefined = undefined> = ToolCallback<Args>;

/** Any handler, once its arguments are validated. */
export type AnyHandler = (...input: never[]) => unknown;

/** What `update` of a tool's handle changes; members that are left out stay as they are. */
export interface ToolUpdates<Args extends StandardSchemaWithJSON = StandardSchemaWithJSON> {
  /** Another name; null removes the tool. */
  name?: string | null;
  title?: string;
  description?: string;
  paramsSchema?: Args;
  outputSchema?: StandardSchemaWithJSON | RawShape;
  annotations?: ToolAnnotations;
  icons?: Icon[];
  _meta?: Record<string, unknown>;
  callback?: ToolCallback<Args>;
  enabled?: boolean;
  timeout?: number;
  maxResultChars?: number;
  cost?: number;
  /** Null: none any more. */
  rateLimit?: string | null;
  scopeChallenge?: ScopeChallengeHandler | null;
}

/** How a handle reaches the registry that holds it. */
export interface Registry<Handle> {
  /** The handle changed; `name` is its key now, undefined once removed. */
  changed(handle: Handle, previous: string, name: string | undefined): void;
}

/** A tool as one request sees it; never changes. */
export interface CompiledTool extends Readonly<Component> {
  readonly name: string;
  /** The tool as lists show it. */
  readonly definition: Tool;
  readonly inputSchema: StandardSchemaWithJSON | undefined;
  readonly outputSchema: StandardSchemaWithJSON | undefined;
  readonly handler: AnyHandler;
  /** Milliseconds that a call may take. */
  readonly timeout: number | undefined;
  /** Characters that the JSON of a result may have. */
  readonly maxResultChars: number | undefined;
  /** What a call takes from a rate limit. */
  readonly cost: number;
  /** As `parseRate` reads it. */
  readonly rateLimit: string | undefined;
  /** The headers that mirror arguments; empty for most tools. */
  readonly paramHeaders: readonly ParamHeaderRule[];
  /** Whether the 2025 era needs the output wrapped into an object. */
  readonly outputWraps: boolean;
}

export class RegisteredTool implements Component {
  name: string;
  title: string | undefined;
  description: string | undefined;
  inputSchema: StandardSchemaWithJSON | undefined;
  outputSchema: StandardSchemaWithJSON | undefined;
  annotations: ToolAnnotations | undefined;
  icons: Icon[] | undefined;
  _meta: Record<string, unknown> | undefined;
  handler: AnyToolHandler<StandardSchemaWithJSON | undefined>;
  enabled = true;
  timeout: number | undefined;
  maxResultChars: number | undefined;
  cost: number;
  rateLimit: string | undefined;
  audience: Audience | undefined;
  scopeChallenge: ScopeChallengeHandler | undefined;

  /** What requests use: made anew by every change, so that a call in flight keeps what it began with. */
  compiled!: CompiledTool;

  readonly #registry: Registry<RegisteredTool>;
  readonly #logger: Logger;
  readonly #allow: ReadonlySet<SlipwayErrorCode>;

  /** @throws SlipwayError for each mistake of the definition; see docs/reference/errors.md */
  constructor(
    name: string,
    config: ToolConfig<unknown, unknown>,
    handler: AnyHandler,
    registry: Registry<RegisteredTool>,
    logger: Logger,
  ) {
    if (typeof handler !== 'function') throw new SlipwayError('SLIP_INVALID_HANDLER', { kind: 'tool', name });
    this.name = name;
    this.title = config.title;
    this.description = config.description;
    this.inputSchema = normalizeSchema(config.inputSchema, { kind: 'tool', name, field: 'inputSchema' });
    this.outputSchema = normalizeSchema(config.outputSchema, { kind: 'tool', name, field: 'outputSchema' });
    this.annotations = config.annotations;
    this.icons = config.icons;
    this._meta = config._meta;
    this.handler = handler as AnyToolHandler<StandardSchemaWithJSON | undefined>;
    this.timeout = checkedTimeout(config.timeout);
    this.maxResultChars = checkedMaxResultChars(config.maxResultChars);
    this.cost = checkedCost(config.cost);
    this.rateLimit = checkedRate(config.rateLimit);
    this.audience = config.enabled;
    this.scopeChallenge = config.scopeChallenge;
    this.#registry = registry;
    this.#logger = logger;
    this.#allow = new Set(config.allow);
    this.#compile();
  }

  /** Everything that a request needs is worked out here, never while it is served. */
  #compile(): void {
    const { name, inputSchema, outputSchema } = this;
    const place = (field: string) => ({ kind: 'tool', name, field });
    const input =
      inputSchema === undefined ? EMPTY_INPUT_SCHEMA : toJsonSchema(inputSchema, 'input', place('inputSchema'));
    const output = outputSchema && toJsonSchema(outputSchema, 'output', place('outputSchema'));
    for (const finding of lintTool({ name, inputSchema: input, outputSchema: output })) {
      if (this.#allow.has(finding.code)) continue;
      const error = new SlipwayError(finding.code, finding.details);
      if (finding.severity === 'error') throw error;
      this.#logger.warn({ code: error.code, tool: name }, error.message);
    }
    const headers = compileParamHeaders(input);
    const { title, description, annotations, icons, _meta } = this;
    const { handler, enabled, timeout, maxResultChars, cost, rateLimit, audience, scopeChallenge } = this;
    this.compiled = Object.freeze({
      name,
      definition: {
        name,
        title,
        description,
        inputSchema: input as Tool['inputSchema'],
        annotations,
        icons,
        _meta,
        ...(output && { outputSchema: output as Tool['outputSchema'] }),
      },
      inputSchema,
      outputSchema,
      handler,
      enabled,
      timeout,
      maxResultChars,
      cost,
      rateLimit,
      audience,
      scopeChallenge,
      paramHeaders: 'rules' in headers ? headers.rules : [],
      outputWraps: wrapsOutput(output),
    });
  }

  enable(): void {
    this.update({ enabled: true });
  }

  disable(): void {
    this.update({ enabled: false });
  }

  remove(): void {
    this.update({ name: null });
  }

  /** Changes the tool for every request from now on; clients that listen are told. */
  update<Args extends StandardSchemaWithJSON>(updates: ToolUpdates<Args>): void;
  update(updates: ToolUpdates): void {
    const previous = this.name;
    if (updates.name === null) return this.#registry.changed(this, previous, undefined);
    const before = { ...this };
    const place = (field: string) => ({ kind: 'tool', name: previous, field });
    try {
      if (updates.name !== undefined) this.name = updates.name;
      if (updates.title !== undefined) this.title = updates.title;
      if (updates.description !== undefined) this.description = updates.description;
      if (updates.paramsSchema !== undefined)
        this.inputSchema = normalizeSchema(updates.paramsSchema, place('inputSchema'));
      if (updates.outputSchema !== undefined)
        this.outputSchema = normalizeSchema(updates.outputSchema, place('outputSchema'));
      if (updates.annotations !== undefined) this.annotations = updates.annotations;
      if (updates.icons !== undefined) this.icons = updates.icons;
      if (updates._meta !== undefined) this._meta = updates._meta;
      if (updates.callback !== undefined) {
        if (typeof updates.callback !== 'function') {
          throw new SlipwayError('SLIP_INVALID_HANDLER', { kind: 'tool', name: previous });
        }
        this.handler = updates.callback;
      }
      if (updates.enabled !== undefined) this.enabled = updates.enabled;
      if (updates.timeout !== undefined) this.timeout = checkedTimeout(updates.timeout);
      if (updates.maxResultChars !== undefined) this.maxResultChars = checkedMaxResultChars(updates.maxResultChars);
      if (updates.cost !== undefined) this.cost = checkedCost(updates.cost);
      if (updates.rateLimit !== undefined) this.rateLimit = checkedRate(updates.rateLimit ?? undefined);
      if (updates.scopeChallenge !== undefined) this.scopeChallenge = updates.scopeChallenge ?? undefined;
      this.#compile();
      this.#registry.changed(this, previous, this.name);
    } catch (error) {
      // A refused update leaves the tool as it was.
      Object.assign(this, before);
      throw error;
    }
  }
}
