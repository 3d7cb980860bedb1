// The servers behind the exchanges, written once against the shared authoring API and built with each library.
import type * as Sdk from '@modelcontextprotocol/server';
import { z } from 'zod';
import { registerPrompts } from './server-prompts.ts';
import { registerResources } from './server-resources.ts';
import { registerTools } from './server-tools.ts';

/** An icon for everything that may have one. */
export const ICON = { src: 'https://acme.example/icon.png', mimeType: 'image/png', sizes: ['48x48'] };

/** The part of the authoring API that these servers use, as the official SDK types it. */
export type Library = Pick<
  typeof Sdk,
  | 'McpServer'
  | 'ResourceTemplate'
  | 'ResourceNotFoundError'
  | 'ProtocolError'
  | 'completable'
  | 'inputRequired'
  | 'acceptedContent'
  | 'createRequestStateCodec'
>;

export type OracleServer = InstanceType<Library['McpServer']>;

/** Every text that a handler wrote begins with this; other texts belong to the library. */
export const AUTHORED = 'oracle:';

/** Tools, resources, prompts, completions, logging, a custom method and protected request state. */
export function buildFull(library: Library): OracleServer {
  const codec = library.createRequestStateCodec<{ step: number }>({ key: 'oracle-key-of-at-least-32-bytes!' });
  const server = new library.McpServer(
    {
      name: 'oracle-server',
      version: '1.2.3',
      title: 'Oracle server',
      description: 'Answers what the corpus asks.',
      websiteUrl: 'https://acme.example/',
      icons: [ICON],
    },
    {
      capabilities: { logging: {} },
      instructions: 'Answers the exchanges of the corpus.',
      cacheHints: { 'tools/list': { ttlMs: 5000, cacheScope: 'public' } },
      requestState: { verify: codec.verify },
    },
  );
  registerTools(server, library, codec);
  registerResources(server, library);
  registerPrompts(server, library);
  server.server.setRequestHandler('acme/reverse', { params: z.object({ text: z.string() }) }, ({ text }) => ({
    reversed: [...text].reverse().join(''),
  }));
  server.server.setRequestHandler('acme/fails', { params: z.object({}) }, () => {
    throw new library.ProtocolError(4242, `${AUTHORED} an application error`, { hint: 'try again' });
  });
  return server;
}

/** One tool and nothing else: every other capability is absent. */
export function buildBare(library: Library): OracleServer {
  const server = new library.McpServer({ name: 'oracle-bare', version: '0.0.1' });
  server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => ({
    content: [{ type: 'text', text }],
  }));
  return server;
}
