import type { ListResourcesResult } from '../protocol/resource.ts';
import { UriTemplate } from '../protocol/uri-template.ts';
import type { ServerContext } from './context.ts';

/** Suggests values for one variable of a template. */
export type CompleteResourceTemplateCallback = (
  value: string,
  context?: { arguments?: Record<string, string> },
) => string[] | Promise<string[]>;

/** Lists the resources that a template covers. */
export type ListResourcesCallback = (ctx: ServerContext) => ListResourcesResult | Promise<ListResourcesResult>;

/**
 * A family of resources by a URI template (RFC 6570).
 *
 * @example
 * new ResourceTemplate('notes://{user}/{id}', { list: undefined, complete: { user: value => matching(value) } })
 */
export class ResourceTemplate {
  readonly #template: UriTemplate;
  readonly #callbacks: {
    list: ListResourcesCallback | undefined;
    complete?: { [variable: string]: CompleteResourceTemplateCallback };
  };

  /** @param callbacks `list` must be given, if only as undefined, so that it is not forgotten */
  constructor(
    uriTemplate: string | UriTemplate,
    callbacks: {
      list: ListResourcesCallback | undefined;
      complete?: { [variable: string]: CompleteResourceTemplateCallback };
    },
  ) {
    this.#template = typeof uriTemplate === 'string' ? new UriTemplate(uriTemplate) : uriTemplate;
    this.#callbacks = callbacks;
  }

  get uriTemplate(): UriTemplate {
    return this.#template;
  }

  get listCallback(): ListResourcesCallback | undefined {
    return this.#callbacks.list;
  }

  completeCallback(variable: string): CompleteResourceTemplateCallback | undefined {
    const { complete } = this.#callbacks;
    return complete !== undefined && Object.hasOwn(complete, variable) ? complete[variable] : undefined;
  }

  /** Whether any variable has suggestions. */
  get completes(): boolean {
    return this.uriTemplate.variableNames.some(name => this.completeCallback(name) !== undefined);
  }
}
