/** A notebook: fixed resources, URI templates with completion, per-resource subscriptions, a shared event bus. */

import {
  createMcpHandler,
  InMemoryServerEventBus,
  type ListResourcesCallback,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceCallback,
  type ReadResourceTemplateCallback,
  type ResourceMetadata,
  ResourceNotFoundError,
  ResourceTemplate,
  type ServerEvent,
  type ServerEventBus,
  type Transport,
  UriTemplate,
  type Variables,
} from 'slipway';
import * as z from 'zod';

const notes = new Map([
  ['welcome', 'Read me first.'],
  ['shopping', 'Milk, bread.'],
]);
const photo = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';

const listNotes: ListResourcesCallback = async ctx => ({
  resources: [...notes.keys()].map(id => ({ uri: `note://${id}`, name: id, description: `by ${ctx.mcpReq.method}` })),
});

const readNote: ReadResourceTemplateCallback = async (uri, { id }) => {
  const name = String(id);
  if (!/^[a-z]+$/.test(name)) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Note ids are lowercase letters, got "${name}"`);
  }
  const text = notes.get(name);
  if (text === undefined) throw new ResourceNotFoundError(uri.href);
  return {
    contents: [{ uri: uri.href, mimeType: 'text/plain', text, _meta: { 'notes.example/length': text.length } }],
  };
};

const readIndex: ReadResourceCallback = async (uri, ctx) => ({
  contents: [
    { uri: uri.href, mimeType: 'text/markdown', text: [...notes.keys()].map(id => `- ${id}`).join('\n') },
    { uri: `${uri.href}#photo`, mimeType: 'image/png', blob: photo },
    { uri: `${uri.href}#request`, text: `${ctx.mcpReq.method} ${ctx.mcpReq.id}` },
  ],
  _meta: { 'notes.example/generated': true },
});

const indexMetadata: ResourceMetadata = {
  title: 'Index',
  description: 'Every note with a photo',
  mimeType: 'text/markdown',
  size: 512,
  annotations: { audience: ['user', 'assistant'], priority: 0.5, lastModified: '2026-01-02T03:04:05Z' },
  icons: [{ src: 'https://notes.example/index.svg', mimeType: 'image/svg+xml', sizes: ['any'] }],
  _meta: { 'notes.example/kind': 'index' },
};

const attachment = new UriTemplate('attachment://{note}/{+path}{?page,size}');

function build(subscribed: Set<string>): McpServer {
  const server = new McpServer(
    { name: 'notes', version: '1.0.0' },
    {
      capabilities: { resources: { subscribe: true } },
      cacheHints: {
        'resources/read': { ttlMs: 1_000, cacheScope: 'public' },
        'resources/list': { ttlMs: 2_000 },
        'resources/templates/list': { cacheScope: 'public' },
      },
    },
  );

  server.registerResource('index', 'notes://index', { ...indexMetadata, cacheHint: { ttlMs: 30_000 } }, readIndex);
  server.registerResource('broken', 'notes://broken', {}, async () => {
    throw new Error('disk /dev/sdb7 is gone');
  });
  server.registerResource(
    'own-cache',
    'notes://own-cache',
    { mimeType: 'text/plain', cacheHint: { ttlMs: 7, cacheScope: 'public' } },
    async uri => ({ contents: [{ uri: uri.href, text: 'fresh' }], ttlMs: 9, cacheScope: 'private' }),
  );

  const template = new ResourceTemplate('note://{id}', {
    list: listNotes,
    complete: {
      id: async (value, context) =>
        [...notes.keys()].filter(id => id.startsWith(value)).map(id => (context?.arguments?.['upper'] ? `${id}!` : id)),
    },
  });
  server.registerResource(
    'note',
    template,
    { title: 'Note', description: 'One note', mimeType: 'text/plain', cacheHint: { cacheScope: 'private' } },
    readNote,
  );

  server.registerResource(
    'attachment',
    new ResourceTemplate(attachment, { list: undefined }),
    { description: 'A page of an attachment', annotations: { audience: ['assistant'] } },
    (uri, variables: Variables) => ({ contents: [{ uri: uri.href, text: JSON.stringify(variables) }] }),
  );

  server.registerTool('describe-templates', {}, async () => {
    const facts = {
      variables: attachment.variableNames,
      text: attachment.toString(),
      expanded: attachment.expand({ note: 'a b', path: 'x/y', page: '2' }),
      matched: attachment.match('attachment://n/x/y?page=2&size=9'),
      missed: attachment.match('note://n'),
      isTemplate: [UriTemplate.isTemplate('a{b}'), UriTemplate.isTemplate('ab')],
      own: template.uriTemplate.toString(),
      lists: template.listCallback !== undefined,
      completes: [template.completeCallback('id') !== undefined, template.completeCallback('other') !== undefined],
    };
    return { content: [{ type: 'text', text: JSON.stringify(facts) }] };
  });

  server.registerTool('add', { inputSchema: z.object({ id: z.string(), text: z.string() }) }, async ({ id, text }) => {
    notes.set(id, text);
    server.sendResourceListChanged();
    if (subscribed.has(`note://${id}`)) await server.server.sendResourceUpdated({ uri: `note://${id}` });
    return { content: [{ type: 'resource_link', uri: `note://${id}`, name: id }] };
  });

  // A 2025 client subscribes to one resource by these two methods; the bookkeeping belongs to the server.
  server.server.setRequestHandler('resources/subscribe', request => {
    subscribed.add(request.params.uri);
    return {};
  });
  server.server.setRequestHandler('resources/unsubscribe', request => {
    subscribed.delete(request.params.uri);
    return {};
  });
  return server;
}

export async function connect(transport: Transport): Promise<void> {
  await build(new Set()).connect(transport);
}

const seen: ServerEvent[] = [];
const bus: ServerEventBus = new InMemoryServerEventBus(error => console.error(error));

export const handler = createMcpHandler(() => build(new Set()), { bus, maxSubscriptions: 2, keepAliveMs: 0 });

export const actions = {
  watch: () => void bus.subscribe(event => seen.push(event)),
  changed: () => handler.notify.resourceUpdated('note://welcome'),
  otherChanged: () => handler.notify.resourceUpdated('note://other'),
  listChanged: () => handler.notify.resourcesChanged(),
  publish: () => handler.bus.publish({ kind: 'resource_updated', uri: 'note://welcome' }),
  seen: () => seen.splice(0),
  listeners: () => (bus as InMemoryServerEventBus).listenerCount,
};
