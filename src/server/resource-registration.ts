/** Registered resources, fixed and templated, and the handles that their author holds. */
import { assertValidCacheHint, type CacheHint } from '../protocol/cache-hint.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { InputRequiredResult } from '../protocol/input-required.ts';
import type { ReadResourceResult, Resource } from '../protocol/resource.ts';
import type { Variables } from '../protocol/uri-template.ts';
import type { ServerContext } from './context.ts';
import type { Audience, Component, ComponentConfig } from './registration.ts';
import type { ResourceTemplate } from './resource-template.ts';
import type { ScopeChallengeHandler } from './scope-challenge.ts';
import type { Registry } from './tool-registration.ts';

/** What lists say about a resource beside its URI and name. */
export type ResourceMetadata = Omit<Resource, 'uri' | 'name'>;

export type ResourceConfig = ResourceMetadata & ComponentConfig & { cacheHint?: CacheHint };

/** What a read may return: a result, a question, the text itself, or bytes (sent as base64). */
export type ResourceOutput = ReadResourceResult | InputRequiredResult | string | Uint8Array;
type MaybePromise<T> = T | Promise<T>;

export type ReadResourceCallback = (uri: URL, ctx: ServerContext) => MaybePromise<ResourceOutput>;
export type ReadResourceTemplateCallback = (
  uri: URL,
  variables: Variables,
  ctx: ServerContext,
) => MaybePromise<ResourceOutput>;

interface CommonUpdates {
  title?: string;
  metadata?: ResourceMetadata;
  enabled?: boolean;
  scopeChallenge?: ScopeChallengeHandler | null;
}

export interface ResourceUpdates extends CommonUpdates {
  name?: string;
  /** Another URI; null removes the resource. */
  uri?: string | null;
  callback?: ReadResourceCallback;
}

export interface ResourceTemplateUpdates extends CommonUpdates {
  /** Another name; null removes the template. */
  name?: string | null;
  template?: ResourceTemplate;
  callback?: ReadResourceTemplateCallback;
}

function assertHandler(callback: unknown, name: string): void {
  if (typeof callback !== 'function') throw new SlipwayError('SLIP_INVALID_HANDLER', { kind: 'resource', name });
}

/** @throws SlipwayError SLIP_INVALID_NAME */
function assertUri(uri: string): void {
  if (URL.canParse(uri)) return;
  throw new SlipwayError('SLIP_INVALID_NAME', { kind: 'resource', name: uri, why: 'it is not an absolute URI' });
}

abstract class Registered implements Component {
  name: string;
  title: string | undefined;
  metadata: ResourceMetadata;
  cacheHint: CacheHint | undefined;
  enabled = true;
  audience: Audience | undefined;
  scopeChallenge: ScopeChallengeHandler | undefined;

  constructor(name: string, config: ResourceConfig, callback: unknown) {
    const { enabled, scopeChallenge, cacheHint, ...metadata } = config;
    assertHandler(callback, name);
    if (cacheHint !== undefined) assertValidCacheHint(cacheHint, `resource ${name}`);
    this.name = name;
    this.metadata = metadata;
    this.title = metadata.title as string | undefined;
    this.cacheHint = cacheHint;
    this.audience = enabled;
    this.scopeChallenge = scopeChallenge;
  }

  /** Metadata as lists show it. */
  get listed(): ResourceMetadata {
    return this.title === undefined ? this.metadata : { ...this.metadata, title: this.title };
  }

  protected applyCommon(updates: CommonUpdates): void {
    if (updates.metadata !== undefined) {
      this.metadata = updates.metadata;
      if (typeof updates.metadata.title === 'string') this.title = updates.metadata.title;
    }
    if (updates.title !== undefined) this.title = updates.title;
    if (updates.enabled !== undefined) this.enabled = updates.enabled;
    if (updates.scopeChallenge !== undefined) this.scopeChallenge = updates.scopeChallenge ?? undefined;
  }
}

export class RegisteredResource extends Registered {
  uri: string;
  readCallback: ReadResourceCallback;
  readonly #registry: Registry<RegisteredResource>;

  constructor(
    name: string,
    uri: string,
    config: ResourceConfig,
    callback: ReadResourceCallback,
    registry: Registry<RegisteredResource>,
  ) {
    assertUri(uri);
    super(name, config, callback);
    this.uri = uri;
    this.readCallback = callback;
    this.#registry = registry;
  }

  get definition(): Resource {
    return { uri: this.uri, ...this.listed, name: this.name } as Resource;
  }

  enable(): void {
    this.update({ enabled: true });
  }

  disable(): void {
    this.update({ enabled: false });
  }

  remove(): void {
    this.update({ uri: null });
  }

  /** Changes the resource for every request from now on; clients that listen are told. */
  update(updates: ResourceUpdates): void {
    const previous = this.uri;
    if (updates.uri === null) return this.#registry.changed(this, previous, undefined);
    if (updates.uri !== undefined) assertUri(updates.uri);
    if (updates.callback !== undefined) assertHandler(updates.callback, this.name);
    if (updates.uri !== undefined && updates.uri !== previous) this.#registry.changed(this, previous, updates.uri);
    if (updates.uri !== undefined) this.uri = updates.uri;
    if (updates.name !== undefined) this.name = updates.name;
    if (updates.callback !== undefined) this.readCallback = updates.callback;
    this.applyCommon(updates);
    if (this.uri === previous) this.#registry.changed(this, previous, previous);
  }
}

export class RegisteredResourceTemplate extends Registered {
  resourceTemplate: ResourceTemplate;
  readCallback: ReadResourceTemplateCallback;
  readonly #registry: Registry<RegisteredResourceTemplate>;

  constructor(
    name: string,
    template: ResourceTemplate,
    config: ResourceConfig,
    callback: ReadResourceTemplateCallback,
    registry: Registry<RegisteredResourceTemplate>,
  ) {
    super(name, config, callback);
    this.resourceTemplate = template;
    this.readCallback = callback;
    this.#registry = registry;
  }

  get definition() {
    return { uriTemplate: this.resourceTemplate.uriTemplate.toString(), ...this.listed, name: this.name };
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

  /** Changes the template for every request from now on; clients that listen are told. */
  update(updates: ResourceTemplateUpdates): void {
    const previous = this.name;
    if (updates.name === null) return this.#registry.changed(this, previous, undefined);
    if (updates.callback !== undefined) assertHandler(updates.callback, previous);
    const renamed = updates.name !== undefined && updates.name !== previous;
    if (renamed) this.#registry.changed(this, previous, updates.name);
    if (updates.name !== undefined) this.name = updates.name;
    if (updates.template !== undefined) this.resourceTemplate = updates.template;
    if (updates.callback !== undefined) this.readCallback = updates.callback;
    this.applyCommon(updates);
    if (!renamed) this.#registry.changed(this, previous, previous);
  }
}
