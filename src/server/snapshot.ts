/**
 * What is registered at one moment, ready to serve. Immutable: a change publishes a new one, and a request uses exactly
 * the one that it began with.
 */
import { ListPages } from './list-pages.ts';
import type { RegisteredPrompt } from './prompt-registration.ts';
import type { RegisteredResource, RegisteredResourceTemplate } from './resource-registration.ts';
import type { Server } from './server.ts';
import type { CompiledTool, RegisteredTool } from './tool-registration.ts';

export interface Components {
  readonly tools: ReadonlyMap<string, RegisteredTool>;
  readonly resources: ReadonlyMap<string, RegisteredResource>;
  readonly templates: ReadonlyMap<string, RegisteredResourceTemplate>;
  readonly prompts: ReadonlyMap<string, RegisteredPrompt>;
}

export class Snapshot {
  readonly tools: ReadonlyMap<string, CompiledTool>;
  readonly resources: ReadonlyMap<string, RegisteredResource>;
  readonly templates: readonly RegisteredResourceTemplate[];
  readonly prompts: ReadonlyMap<string, RegisteredPrompt>;
  readonly toolPages: ListPages;
  readonly resourcePages: ListPages;
  readonly templatePages: ListPages;
  readonly promptPages: ListPages;
  /** Whether any component has a scope challenge. */
  readonly challenges: boolean;

  constructor(server: Server, { tools, resources, templates, prompts }: Components) {
    this.tools = new Map([...tools].map(([name, { compiled }]) => [name, compiled]));
    server.stamp.size.refresh(this.tools);
    this.resources = resources;
    this.templates = [...templates.values()];
    this.prompts = prompts;
    this.toolPages = new ListPages(server, 'tools/list', 'tools', this.tools.values());
    this.resourcePages = new ListPages(server, 'resources/list', 'resources', resources.values());
    this.templatePages = new ListPages(server, 'resources/templates/list', 'resourceTemplates', templates.values());
    this.promptPages = new ListPages(server, 'prompts/list', 'prompts', prompts.values());
    const all = [...this.tools.values(), ...resources.values(), ...templates.values(), ...prompts.values()];
    this.challenges = all.some(({ scopeChallenge }) => scopeChallenge !== undefined);
  }
}
