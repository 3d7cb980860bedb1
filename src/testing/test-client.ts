/** What a test does with a server: short calls, results that are easy to compare. */
import type { Client } from '../client/client.ts';
import type { RequestOptions } from '../client/request-options.ts';
import type { CompleteRequestParams } from '../protocol/completion.ts';
import type { ContentBlock } from '../protocol/content.ts';
import type { JSONRPCNotification } from '../protocol/json-rpc.ts';
import type { LoggingMessageNotificationParams } from '../protocol/logging.ts';
import type { Progress } from '../protocol/progress.ts';
import type { GetPromptResult, Prompt } from '../protocol/prompt.ts';
import type { ReadResourceResult, Resource, ResourceTemplateType } from '../protocol/resource.ts';
import type { CallToolResult, Tool } from '../protocol/tool.ts';

/** A tool's result, with its text and the progress that was told. */
export type ToolResult = CallToolResult & { readonly text: string; readonly progress: readonly Progress[] };

/** A resource's contents, with their text. */
export type ResourceResult = ReadResourceResult & { readonly text: string };

/** A prompt's messages, with their text. */
export type PromptResult = GetPromptResult & { readonly text: string };

export type CompletionValues = readonly string[];

/** The texts of some blocks, each on lines of its own. */
function textOf(blocks: readonly ContentBlock[]): string {
  const texts = blocks.map(block => {
    if (block.type === 'text') return block.text;
    return block.type === 'resource' && 'text' in block.resource ? block.resource.text : undefined;
  });
  return texts.filter(text => text !== undefined).join('\n');
}

export class TestClient implements AsyncDisposable {
  /** The client underneath, for whatever is not here. */
  readonly client: Client;
  /** The log messages that came, in their order. */
  readonly logs: LoggingMessageNotificationParams[] = [];
  /** The other notifications that came and belong to no request. */
  readonly notifications: JSONRPCNotification[] = [];
  readonly #close: () => Promise<void>;
  /** Held in an object, because anything may be thrown. */
  #failure: { readonly thrown: unknown } | undefined;
  #closing: Promise<void> | undefined;

  /** @internal Made by `connect()`. */
  constructor(client: Client, close: () => Promise<void>) {
    this.client = client;
    this.#close = close;
  }

  /** @internal Told what the function throws that answers questions: the call in which it was asked fails with it. */
  fail(thrown: unknown): void {
    this.#failure = { thrown };
  }

  /** An older server would hide in its answer that nobody answered its question. */
  async #asking<R>(request: Promise<R>): Promise<R> {
    try {
      return await request;
    } finally {
      const failure = this.#failure;
      this.#failure = undefined;
      // biome-ignore lint/correctness/noUnsafeFinally: it comes before whatever the server made of it
      if (failure !== undefined) throw failure.thrown;
    }
  }

  /** The revision that was agreed on. */
  get protocolVersion(): string {
    return this.client.getNegotiatedProtocolVersion()!;
  }

  /**
   * Calls a tool. One that fails has `isError` in its result and says why in `text`.
   *
   * @throws ProtocolError for a tool that is not there; SlipwayError `SLIP_SERVER_TIMEOUT` and others
   */
  async callTool(name: string, args: Record<string, unknown> = {}, options: RequestOptions = {}): Promise<ToolResult> {
    const progress: Progress[] = [];
    const onprogress = (step: Progress) => {
      progress.push(step);
      options.onprogress?.(step);
    };
    const result = await this.#asking(this.client.callTool({ name, arguments: args }, { ...options, onprogress }));
    return { ...result, text: textOf(result.content), progress };
  }

  async listTools(): Promise<Tool[]> {
    return (await this.client.listTools()).tools;
  }

  async listResources(): Promise<Resource[]> {
    return (await this.client.listResources()).resources;
  }

  async listResourceTemplates(): Promise<ResourceTemplateType[]> {
    return (await this.client.listResourceTemplates()).resourceTemplates;
  }

  async listPrompts(): Promise<Prompt[]> {
    return (await this.client.listPrompts()).prompts;
  }

  /** @throws ProtocolError for one that is not there */
  async readResource(uri: string, options?: RequestOptions): Promise<ResourceResult> {
    const result = await this.#asking(this.client.readResource({ uri }, options));
    const texts = result.contents.flatMap(contents => ('text' in contents ? [contents.text] : []));
    return { ...result, text: texts.join('\n') };
  }

  /** @throws ProtocolError for one that is not there, or arguments that are missing */
  async getPrompt(name: string, args: Record<string, string> = {}, options?: RequestOptions): Promise<PromptResult> {
    const result = await this.#asking(this.client.getPrompt({ name, arguments: args }, options));
    return { ...result, text: textOf(result.messages.map(({ content }) => content)) };
  }

  /**
   * The completions of an argument.
   *
   * @param ref a prompt's name, or a resource template's URI template (it has a colon)
   * @param settled the arguments that have a value already
   */
  async complete(
    ref: string,
    argument: string,
    value: string,
    settled?: Record<string, string>,
  ): Promise<CompletionValues> {
    const named: CompleteRequestParams['ref'] = ref.includes(':')
      ? { type: 'ref/resource', uri: ref }
      : { type: 'ref/prompt', name: ref };
    const context = settled && { context: { arguments: settled } };
    const result = await this.client.complete({ ref: named, argument: { name: argument, value }, ...context });
    return result.completion.values;
  }

  /** Ends the connection, and what was started for it. A second call waits for the first. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
