/** Pictures and sounds: every kind of content block, always streamed, mounted by hand behind web-standard guards. */

import {
  type NodeIncomingMessageLike,
  type NodeServerResponseLike,
  type ToWebRequestOptions,
  toWebRequest,
} from 'slipway';
import {
  type Annotations,
  type AudioContent,
  type CallToolResult,
  type ContentBlock,
  createMcpHandler,
  type EmbeddedResource,
  hostHeaderValidationResponse,
  type ImageContent,
  isCallToolResult,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  type McpHttpHandler,
  McpServer,
  originValidationResponse,
  preloadSchemas,
  type ResourceLink,
  type TextContent,
  validateHostHeader,
  validateOriginHeader,
} from 'slipway';
import * as z from 'zod';

preloadSchemas();

const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';
const sound = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';
const forUser: Annotations = { audience: ['user'], priority: 0.9, lastModified: '2026-02-03T04:05:06Z' };

const image: ImageContent = { type: 'image', data: picture, mimeType: 'image/png', annotations: forUser };
const audio: AudioContent = { type: 'audio', data: sound, mimeType: 'audio/wav', _meta: { 'gallery.example/s': 1 } };
const text: TextContent = {
  type: 'text',
  text: 'A caption — with ünïcode 🎨',
  annotations: { audience: ['assistant'] },
};
const embedded: EmbeddedResource = {
  type: 'resource',
  resource: { uri: 'gallery://1', mimeType: 'application/json', text: '{"id":1}', _meta: { 'gallery.example/v': 2 } },
};
const embeddedBytes: EmbeddedResource = {
  type: 'resource',
  resource: { uri: 'gallery://1/raw', mimeType: 'image/png', blob: picture },
  annotations: { priority: 0 },
};
const link: ResourceLink = {
  type: 'resource_link',
  uri: 'gallery://2',
  name: 'second',
  title: 'Second picture',
  description: 'Not sent along',
  mimeType: 'image/png',
  size: 2048,
  annotations: forUser,
  icons: [{ src: 'https://gallery.example/2.png', theme: 'dark' }],
};
const blocks: Readonly<Record<string, ContentBlock>> = { image, audio, text, embedded, embeddedBytes, link };

function build(): McpServer {
  const server = new McpServer({ name: 'gallery', version: '3.0.0' });
  const one = z.enum(['image', 'audio', 'text', 'embedded', 'embeddedBytes', 'link']);
  server.registerTool('show', { inputSchema: z.object({ what: z.array(one) }) }, async ({ what }) => ({
    content: what.flatMap(name => blocks[name] ?? []),
  }));
  server.registerTool('check', {}, async (): Promise<CallToolResult> => {
    const facts = {
      results: [isCallToolResult({ content: [image] }), isCallToolResult({ content: 'no' })],
      hosts: [
        validateHostHeader('localhost:80', localhostAllowedHostnames()),
        validateHostHeader('[::1]', localhostAllowedHostnames()),
        validateHostHeader('evil.example', localhostAllowedHostnames()).ok,
        validateHostHeader(undefined, localhostAllowedHostnames()).ok,
      ],
      origins: [
        validateOriginHeader('http://127.0.0.1:5173', localhostAllowedOrigins()).ok,
        validateOriginHeader(null, localhostAllowedOrigins()).ok,
        validateOriginHeader('null', localhostAllowedOrigins()).ok,
        validateOriginHeader('https://evil.example', localhostAllowedOrigins()).ok,
      ],
    };
    return { content: [{ type: 'text', text: JSON.stringify(facts) }] };
  });
  return server;
}

export const handler: McpHttpHandler = createMcpHandler(build, { responseMode: 'sse' });

const jsonOnly = createMcpHandler(build, { responseMode: 'json' });

/** The mount of a runtime without Node's adapter: a guard in front, then `fetch`, which may be detached. */
async function guarded(request: Request): Promise<Response> {
  const refused =
    hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
    originValidationResponse(request, localhostAllowedOrigins());
  const { fetch } = new URL(request.url).pathname === '/json' ? jsonOnly : handler;
  return refused ?? fetch(request);
}

const conversion: ToWebRequestOptions = { maxRequestBodySize: 10_000 };

export async function listener(request: NodeIncomingMessageLike, response: NodeServerResponseLike): Promise<void> {
  const answer = await guarded(await toWebRequest(request, undefined, conversion));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}
