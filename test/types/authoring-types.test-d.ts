/**
 * Type-only: `tsc` is the test. What an author writes against the official SDK's McpServer, its callbacks, contexts and
 * handles, is accepted by Slipway's, and infers the same.
 */
import type * as sdk from '@modelcontextprotocol/server';
import type * as slipway from 'slipway';
import * as z from 'zod';

type IsAny<T> = 0 extends 1 & T ? true : false;
type Assigns<From, To> = IsAny<From> extends true ? false : [From] extends [To] ? true : false;
/** Both ways, and neither is `any`. */
type Mutual<A, B> = Assigns<A, B> extends true ? Assigns<B, A> : false;
type Assert<T extends true> = T;
type AssertNot<T extends false> = T;
/** What a class shows: without its private members, which would make it like no other type. */
type Public<T> = Pick<T, keyof T>;

/** Accepts a value only if its inferred type is the expected one. */
declare function is<Expected>(): <T>(value: Mutual<T, Expected> extends true ? T : never) => void;

/** The context that handlers get has all that the SDK's has. */
export type Context = [
  Assert<Assigns<slipway.ServerContext, sdk.ServerContext>>,
  Assert<Assigns<slipway.McpRequest, sdk.ServerContext['mcpReq']>>,
  Assert<Assigns<slipway.HttpFacts, NonNullable<sdk.ServerContext['http']>>>,
  AssertNot<Assigns<Omit<slipway.ServerContext, 'mcpReq'>, sdk.ServerContext>>,
];

/** Callbacks typed with the SDK's types are Slipway's callbacks. */
type Args = z.ZodObject<{ city: z.ZodString }>;
export type Callbacks = [
  Assert<Assigns<sdk.ToolCallback, slipway.ToolCallback>>,
  Assert<Assigns<sdk.ToolCallback<Args>, slipway.ToolCallback<Args>>>,
  Assert<Assigns<sdk.AnyToolHandler<Args>, slipway.AnyToolHandler<Args>>>,
  Assert<Assigns<sdk.PromptCallback, slipway.PromptCallback>>,
  Assert<Assigns<sdk.PromptCallback<Args>, slipway.PromptCallback<Args>>>,
  Assert<Assigns<sdk.ReadResourceCallback, slipway.ReadResourceCallback>>,
  Assert<Assigns<sdk.ReadResourceTemplateCallback, slipway.ReadResourceTemplateCallback>>,
  Assert<Assigns<sdk.ListResourcesCallback, slipway.ListResourcesCallback>>,
  Assert<Assigns<sdk.CompleteResourceTemplateCallback, slipway.CompleteResourceTemplateCallback>>,
  Assert<Assigns<sdk.ScopeChallengeHandler, slipway.ScopeChallengeHandler>>,
  AssertNot<Assigns<(args: { city: number }) => string, slipway.ToolCallback<Args>>>,
];

/** Handles: the SDK's hidden members aside, and `handler`, which may return plain data here. */
type Handle<T> = Omit<T, 'handler' | 'executor' | 'outputSchemaJson' | 'update' | 'readCallback' | 'resourceTemplate'>;
type Updates<T extends { update(updates: never): void }> = Parameters<T['update']>[0];
export type Handles = [
  Assert<Assigns<Public<slipway.RegisteredTool>, Handle<sdk.RegisteredTool>>>,
  Assert<Assigns<Public<slipway.RegisteredPrompt>, Handle<sdk.RegisteredPrompt>>>,
  Assert<Assigns<Public<slipway.RegisteredResource>, Handle<sdk.RegisteredResource>>>,
  Assert<Assigns<Public<slipway.RegisteredResourceTemplate>, Handle<sdk.RegisteredResourceTemplate>>>,
  Assert<Assigns<Updates<sdk.RegisteredTool>, slipway.ToolUpdates>>,
  Assert<Assigns<Updates<sdk.RegisteredPrompt>, slipway.PromptUpdates>>,
  Assert<Assigns<Updates<sdk.RegisteredResource>, slipway.ResourceUpdates>>,
  Assert<Assigns<Omit<Updates<sdk.RegisteredResourceTemplate>, 'template'>, slipway.ResourceTemplateUpdates>>,
  Assert<Assigns<sdk.RegisteredTool['handler'], slipway.RegisteredTool['handler']>>,
];

/** Options and the two ways to serve. */
export type Options = [
  Assert<Assigns<sdk.ServerOptions, slipway.ServerOptions>>,
  Assert<Assigns<sdk.McpServerOptions, slipway.McpServerOptions>>,
  Assert<Assigns<sdk.CreateMcpHandlerOptions, slipway.CreateMcpHandlerOptions>>,
  Assert<Assigns<slipway.McpRequestContext, sdk.McpRequestContext>>,
  Assert<Assigns<Pick<slipway.McpHttpHandler, 'fetch' | 'close' | 'notify' | 'bus'>, sdk.McpHttpHandler>>,
  Assert<Mutual<slipway.ServerEvent, sdk.ServerEvent>>,
  Assert<Mutual<slipway.ServerEventBus, sdk.ServerEventBus>>,
  Assert<Mutual<slipway.ServerNotifier, sdk.ServerNotifier>>,
  Assert<Mutual<slipway.AuthInfo, sdk.AuthInfo>>,
  Assert<Mutual<slipway.Transport, sdk.Transport>>,
];

/** Every public member of the SDK's classes is there, but for one that is internal to its HTTP entry. */
type Missing<Theirs, Ours> = Exclude<keyof Theirs, keyof Ours>;
export type Members = [
  Assert<Mutual<Missing<sdk.McpServer, slipway.McpServer>, 'toolInputSchemaJson'>>,
  Assert<Mutual<Missing<sdk.ResourceTemplate, slipway.ResourceTemplate>, never>>,
  Assert<Mutual<Missing<sdk.UriTemplate, slipway.UriTemplate>, never>>,
  Assert<Mutual<Missing<sdk.Server, slipway.Server>, never>>,
];

/** What is inferred where a handler is registered. */
export function registrations(server: slipway.McpServer, template: slipway.ResourceTemplate, vendor: sdk.Icon): void {
  const context = is<slipway.ServerContext>();
  const inputSchema = z.object({ city: z.string(), days: z.number().default(3) });
  const text = () => ({ content: [{ type: 'text' as const, text: '' }] });
  const message = () => ({ messages: [{ role: 'user' as const, content: { type: 'text' as const, text: '' } }] });

  const tool = server.registerTool('full', { title: 't', inputSchema, icons: [vendor] }, ({ city, days }, ctx) => {
    is<string>()(city);
    is<number>()(days);
    context(ctx);
    return text();
  });
  server.registerTool('bare', {}, ctx => {
    context(ctx);
    return text();
  });
  server.registerTool('described', { description: 'd', outputSchema: z.object({ n: z.number() }) }, async ctx => {
    context(ctx);
    return { content: [], structuredContent: { n: 1 } };
  });
  server.registerTool('raw', { inputSchema: { city: z.string(), days: z.number().optional() } }, (args, ctx) => {
    is<{ city: string; days?: number | undefined }>()(args);
    context(ctx);
    return text();
  });
  tool.update({
    paramsSchema: z.object({ n: z.number() }),
    callback: ({ n }, ctx) => {
      is<number>()(n);
      context(ctx);
      return text();
    },
  });
  tool.update({ callback: () => text() });

  const prompt = server.registerPrompt('full', { argsSchema: z.object({ topic: z.string() }) }, ({ topic }, ctx) => {
    is<string>()(topic);
    context(ctx);
    return message();
  });
  server.registerPrompt('bare', { description: 'd' }, ctx => {
    context(ctx);
    return message();
  });
  server.registerPrompt('raw', { argsSchema: { topic: z.string() } }, ({ topic }, ctx) => {
    is<string>()(topic);
    context(ctx);
    return message();
  });
  prompt.update({
    argsSchema: z.object({ other: z.string() }),
    callback: ({ other }) => {
      is<string>()(other);
      return message();
    },
  });

  server.registerResource('fixed', 'a://b', { mimeType: 'text/plain', annotations: { priority: 1 } }, (uri, ctx) => {
    is<URL>()(uri);
    context(ctx);
    return { contents: [] };
  });
  server.registerResource('family', template, {}, (uri, variables, ctx) => {
    is<URL>()(uri);
    is<slipway.Variables>()(variables);
    context(ctx);
    return { contents: [] };
  });
}

/** What the server sends: results follow from the method, or from a schema. */
export async function requests(ctx: slipway.ServerContext, low: slipway.Server): Promise<void> {
  is<slipway.ListRootsResult>()(await ctx.mcpReq.send({ method: 'roots/list' }));
  is<slipway.ElicitResult>()(await low.request({ method: 'elicitation/create', params: {} }));
  const schema = z.object({ sky: z.string() });
  is<{ sky: string }>()(await ctx.mcpReq.send({ method: 'acme/weather' }, schema));
  is<{ sky: string }>()(await low.request({ method: 'acme/weather' }, schema, { timeout: 1 }));
  is<slipway.ElicitResult>()(await ctx.mcpReq.elicitInput({ mode: 'url', message: '', url: '', elicitationId: '' }));
}
