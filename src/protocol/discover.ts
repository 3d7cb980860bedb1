/** What a server is and can do, for modern clients (MCP 2026-07-28, server/discover). */
import type { ServerCapabilities } from './capability.ts';
import type { RequestParams } from './json-rpc.ts';
import type { Result } from './result.ts';

export type DiscoverRequest = { method: 'server/discover'; params?: RequestParams };

export type DiscoverResult = Result & {
  /** Modern revisions only, newest first. */
  supportedVersions: string[];
  capabilities: ServerCapabilities;
  /** For the model: how the server's tools are meant to be used. */
  instructions?: string;
};
