/** A plugin registry: what it offers changes while it runs, through the handles that registration returns. */

import {
  createMcpHandler,
  McpServer,
  type RegisteredPrompt,
  type RegisteredResource,
  type RegisteredResourceTemplate,
  type RegisteredTool,
  ResourceTemplate,
  type ServerNotifier,
  type Transport,
} from 'slipway';
import * as z from 'zod';

interface Handles {
  readonly tool: RegisteredTool;
  readonly prompt: RegisteredPrompt;
  readonly resource: RegisteredResource;
  readonly template: RegisteredResourceTemplate;
}

function text(value: string) {
  return { content: [{ type: 'text' as const, text: value }] };
}

const plugins = new Set<string>();

function build(): McpServer {
  const server = new McpServer(
    { name: 'registry', version: '1.0.0' },
    { debouncedNotificationMethods: ['notifications/prompts/list_changed'] },
  );
  const tool = server.registerTool('plugin', { description: 'v1', inputSchema: z.object({ a: z.string() }) }, ({ a }) =>
    text(`v1 ${a}`),
  );
  const prompt = server.registerPrompt('plugin-prompt', { description: 'v1' }, () => ({
    messages: [{ role: 'user', content: { type: 'text', text: 'v1' } }],
  }));
  const resource = server.registerResource('plugin-file', 'plugin://file', { mimeType: 'text/plain' }, uri => ({
    contents: [{ uri: uri.href, text: 'v1' }],
  }));
  const template = server.registerResource(
    'plugin-part',
    new ResourceTemplate('plugin://{part}/v1', { list: undefined }),
    {},
    (uri, { part }) => ({ contents: [{ uri: uri.href, text: `v1 ${part}` }] }),
  );
  const handles: Handles = { tool, prompt, resource, template };

  server.registerTool('change', { inputSchema: z.object({ how: z.string() }) }, async ({ how }) => {
    changes[how]?.(handles, server);
    await new Promise(resolve => setImmediate(resolve));
    return text(JSON.stringify(facts(handles)));
  });
  for (const name of plugins) server.registerTool(name, {}, () => text(name));
  return server;
}

function facts({ tool, prompt, resource, template }: Handles): unknown {
  return {
    tool: [tool.enabled, tool.title, tool.description, tool.annotations, tool._meta],
    prompt: [prompt.enabled, prompt.title, prompt.description],
    resource: [resource.enabled, resource.name, resource.title, resource.metadata?.mimeType],
    template: [template.enabled, template.title, template.resourceTemplate.uriTemplate.toString()],
  };
}

type Change = (handles: Handles, server: McpServer) => void;

const changes: Readonly<Record<string, Change>> = {
  nothing: () => {},
  add: (_, server) => {
    server.registerTool('added', { title: 'Added later' }, () => text('added'));
  },
  'update tool': ({ tool }) =>
    tool.update({
      title: 'Second',
      description: 'v2',
      paramsSchema: z.object({ b: z.number() }),
      outputSchema: z.object({ b: z.number() }),
      annotations: { readOnlyHint: true },
      icons: [{ src: 'https://registry.example/v2.png' }],
      _meta: { 'registry.example/v': 2 },
      callback: args => ({ ...text('v2'), structuredContent: args }),
    }),
  'rename tool': ({ tool }) => tool.update({ name: 'renamed' }),
  disable: handles => {
    for (const handle of Object.values(handles)) handle.disable();
  },
  enable: handles => {
    for (const handle of Object.values(handles)) handle.enable();
  },
  'disable by update': ({ tool }) => tool.update({ enabled: false }),
  'update prompt': ({ prompt }) =>
    prompt.update({
      name: 'other-prompt',
      title: 'Second',
      description: 'v2',
      argsSchema: z.object({ topic: z.string() }),
      callback: ({ topic }) => ({ messages: [{ role: 'assistant', content: { type: 'text', text: `v2 ${topic}` } }] }),
    }),
  'update resource': ({ resource }) =>
    resource.update({
      name: 'other-file',
      title: 'Second',
      uri: 'plugin://other',
      metadata: { mimeType: 'text/markdown' },
      callback: uri => ({ contents: [{ uri: uri.href, text: 'v2' }] }),
    }),
  'update template': ({ template }) =>
    template.update({
      title: 'Second',
      template: new ResourceTemplate('plugin://{part}/v2', { list: undefined }),
      callback: (uri, { part }) => ({ contents: [{ uri: uri.href, text: `v2 ${part}` }] }),
    }),
  announce: (_, server) => {
    server.sendToolListChanged();
    server.sendPromptListChanged();
    server.sendPromptListChanged();
    server.sendResourceListChanged();
  },
  remove: ({ tool, prompt, resource }) => {
    tool.remove();
    prompt.remove();
    resource.update({ uri: null });
  },
  'remove template': ({ template }) => template.remove(),
};

export async function connect(transport: Transport): Promise<void> {
  await build().connect(transport);
}

export const handler = createMcpHandler(build);
const notify: ServerNotifier = handler.notify;

export const actions = {
  install: (name: string) => {
    plugins.add(name);
    notify.toolsChanged();
  },
  uninstall: (name: string) => {
    plugins.delete(name);
    notify.toolsChanged();
  },
  promptsChanged: () => notify.promptsChanged(),
  resourcesChanged: () => notify.resourcesChanged(),
  close: () => handler.close(),
};
