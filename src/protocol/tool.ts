/** Tools (MCP 2026-07-28, server/tools). */
import type { ContentBlock } from './content.ts';
import { isContentBlock } from './content.ts';
import type { BaseMetadata, Icons } from './implementation.ts';
import type { InputResponseRequestParams } from './input-required.ts';
import type { JSONValue } from './json.ts';
import { isPlainObject } from './json-rpc.ts';
import type { MetaObject } from './request-meta.ts';
import type { PaginatedRequest, PaginatedResult, Result } from './result.ts';
import type { TaskAugmentedRequestParams } from './task.ts';

/** Hints about what a tool does; a client must not rely on them for a server it does not trust. */
export type ToolAnnotations = {
  title?: string;
  /** It changes nothing. Default false. */
  readOnlyHint?: boolean;
  /** It may destroy something. Default true; without meaning if it is read-only. */
  destructiveHint?: boolean;
  /** Calling it again with the same arguments changes nothing more. Default false. */
  idempotentHint?: boolean;
  /** It reaches beyond a closed set of things, for example the web. Default true. */
  openWorldHint?: boolean;
};

/** How a tool runs (2025-11-25). */
export type ToolExecution = { taskSupport?: 'required' | 'optional' | 'forbidden' };

/** A tool as `tools/list` shows it. */
export type Tool = BaseMetadata &
  Icons & {
    description?: string;
    /** JSON Schema (2020-12 unless `$schema` says otherwise) of the arguments: an object. */
    inputSchema: {
      [key: string]: unknown;
      type: 'object';
      properties?: { [key: string]: JSONValue };
      required?: string[];
    };
    /** JSON Schema of `structuredContent`. */
    outputSchema?: { [key: string]: unknown; $schema?: string };
    annotations?: ToolAnnotations;
    execution?: ToolExecution;
    _meta?: MetaObject;
  };

export type ListToolsRequest = PaginatedRequest & { method: 'tools/list' };
export type ListToolsResult = PaginatedResult & { tools: Tool[] };

export type CallToolRequestParams = TaskAugmentedRequestParams &
  InputResponseRequestParams & { name: string; arguments?: { [key: string]: unknown } };
export type CallToolRequest = { method: 'tools/call'; params: CallToolRequestParams };

/** What a tool answers. An error that the model should see and correct has `isError: true`. */
export type CallToolResult = Result & {
  content: ContentBlock[];
  /** Conforms to the tool's `outputSchema`, if it has one. */
  structuredContent?: unknown;
  isError?: boolean;
};

/** Whether `value` is a complete tool result: an array of content blocks and, if present, a boolean `isError`. */
export function isCallToolResult(value: unknown): value is CallToolResult {
  if (!isPlainObject(value) || !Array.isArray(value['content'])) return false;
  if (value['isError'] !== undefined && typeof value['isError'] !== 'boolean') return false;
  if (value['_meta'] !== undefined && !isPlainObject(value['_meta'])) return false;
  return value['content'].every(isContentBlock);
}
