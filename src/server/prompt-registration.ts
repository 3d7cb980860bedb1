/** A registered prompt and the handle that its author holds. */
import { SlipwayError } from '../protocol/coded-error.ts';
import type { Icon } from '../protocol/implementation.ts';
import type { InputRequiredResult } from '../protocol/input-required.ts';
import type { GetPromptResult, Prompt } from '../protocol/prompt.ts';
import { completerOf } from '../schema/completable.ts';
import { promptArguments } from '../schema/prompt-arguments.ts';
import { normalizeSchema, type RawShape, type RawShapeOutput } from '../schema/raw-shape.ts';
import type { StandardSchemaWithJSON } from '../schema/standard-schema.ts';
import type { ServerContext } from './context.ts';
import type { Audience, Component, ComponentConfig } from './registration.ts';
import type { ScopeChallengeHandler } from './scope-challenge.ts';
import type { AnyHandler, Registry } from './tool-registration.ts';

/** What a prompt may return: a result, a question, or the text of one user message. */
export type PromptOutput = GetPromptResult | InputRequiredResult | string;
type MaybePromise<T> = T | Promise<T>;

/** A prompt's handler: `(args, ctx)` with an arguments schema, `(ctx)` without. */
export type PromptCallback<Args extends StandardSchemaWithJSON | undefined = undefined> =
  Args extends StandardSchemaWithJSON
    ? (args: StandardSchemaWithJSON.InferOutput<Args>, ctx: ServerContext) => MaybePromise<PromptOutput>
    : (ctx: ServerContext) => MaybePromise<PromptOutput>;

export type RawShapePromptCallback<Shape extends RawShape> = (
  args: RawShapeOutput<Shape>,
  ctx: ServerContext,
) => MaybePromise<PromptOutput>;

export interface PromptConfig<Args> extends ComponentConfig {
  title?: string;
  description?: string;
  argsSchema?: Args;
  icons?: Icon[];
  _meta?: Record<string, unknown>;
}

/** What `update` of a prompt's handle changes; members that are left out stay as they are. */
export interface PromptUpdates<Args extends StandardSchemaWithJSON = StandardSchemaWithJSON> {
  /** Another name; null removes the prompt. */
  name?: string | null;
  title?: string;
  description?: string;
  argsSchema?: Args;
  icons?: Icon[];
  _meta?: Record<string, unknown>;
  callback?: PromptCallback<Args>;
  enabled?: boolean;
  scopeChallenge?: ScopeChallengeHandler | null;
}

export class RegisteredPrompt implements Component {
  name: string;
  title: string | undefined;
  description: string | undefined;
  argsSchema: StandardSchemaWithJSON | undefined;
  icons: Icon[] | undefined;
  _meta: Record<string, unknown> | undefined;
  handler: AnyHandler;
  enabled = true;
  audience: Audience | undefined;
  scopeChallenge: ScopeChallengeHandler | undefined;
  /** The prompt as lists show it. */
  definition!: Prompt;
  readonly #registry: Registry<RegisteredPrompt>;

  constructor(name: string, config: PromptConfig<unknown>, handler: AnyHandler, registry: Registry<RegisteredPrompt>) {
    if (typeof handler !== 'function') throw new SlipwayError('SLIP_INVALID_HANDLER', { kind: 'prompt', name });
    this.name = name;
    this.title = config.title;
    this.description = config.description;
    this.argsSchema = normalizeSchema(config.argsSchema, { kind: 'prompt', name, field: 'argsSchema' });
    this.icons = config.icons;
    this._meta = config._meta;
    this.handler = handler;
    this.audience = config.enabled;
    this.scopeChallenge = config.scopeChallenge;
    this.#registry = registry;
    this.#compile();
  }

  #compile(): void {
    const { name, title, description, icons, _meta, argsSchema } = this;
    if (name === '') throw new SlipwayError('SLIP_INVALID_NAME', { kind: 'prompt', name, why: 'it is empty' });
    const place = { kind: 'prompt', name, field: 'argsSchema' };
    const args = argsSchema && promptArguments(argsSchema, place);
    this.definition = { name, title, description, arguments: args, icons, _meta } as Prompt;
  }

  /** Whether any argument has suggestions. */
  get completes(): boolean {
    return (this.definition.arguments ?? []).some(({ name }) => completerOf(this.argsSchema, name) !== undefined);
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

  /** Changes the prompt for every request from now on; clients that listen are told. */
  update<Args extends StandardSchemaWithJSON>(updates: PromptUpdates<Args>): void;
  update(updates: PromptUpdates): void {
    const previous = this.name;
    if (updates.name === null) return this.#registry.changed(this, previous, undefined);
    const before = { ...this };
    const place = (field: string) => ({ kind: 'prompt', name: previous, field });
    try {
      if (updates.name !== undefined) this.name = updates.name;
      if (updates.title !== undefined) this.title = updates.title;
      if (updates.description !== undefined) this.description = updates.description;
      if (updates.argsSchema !== undefined) this.argsSchema = normalizeSchema(updates.argsSchema, place('argsSchema'));
      if (updates.icons !== undefined) this.icons = updates.icons;
      if (updates._meta !== undefined) this._meta = updates._meta;
      if (updates.callback !== undefined) {
        if (typeof updates.callback !== 'function') {
          throw new SlipwayError('SLIP_INVALID_HANDLER', { kind: 'prompt', name: previous });
        }
        this.handler = updates.callback;
      }
      if (updates.enabled !== undefined) this.enabled = updates.enabled;
      if (updates.scopeChallenge !== undefined) this.scopeChallenge = updates.scopeChallenge ?? undefined;
      this.#compile();
      this.#registry.changed(this, previous, this.name);
    } catch (error) {
      // A refused update leaves the prompt as it was.
      Object.assign(this, before);
      throw error;
    }
  }
}
